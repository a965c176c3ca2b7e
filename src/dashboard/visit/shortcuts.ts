// Keys that do something wherever the focus is, but not while one types.
import { preferences } from "../words/preferences.ts";

/** Whether a part may take this key. A part that takes it MUST call `preventDefault`. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const { target } = event;
  if (!(target instanceof Element)) return true;
  const isTyping = target.matches("input, textarea, select, [contenteditable]");
  if (isTyping) return false;
  const presses = event.key === " " || event.key === "Enter";
  if (presses && target.matches("button, a, summary")) return false;
  return event.key.length > 1 || preferences.read().keys === "on";
}
