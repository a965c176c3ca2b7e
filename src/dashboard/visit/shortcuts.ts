// Keys that do something wherever the focus is, but not while one types.
import { Snapshot } from "../../react/snapshot.ts";

/** Whether letters and signs are shortcuts: speech input and single switches need a way to turn them off (WCAG 2.1.4). */
export const shortcuts = new Snapshot<boolean>(true);

/** Whether a part may take this key. A part that takes it MUST call `preventDefault`. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const { target } = event;
  if (!(target instanceof Element)) return true;
  const isTyping = target.matches("input, textarea, select, [contenteditable]");
  if (isTyping) return false;
  const presses = event.key === " " || event.key === "Enter";
  if (presses && target.matches("button, a, summary")) return false;
  return event.key.length > 1 || shortcuts.read();
}
