// Keys that do something wherever the focus is, but not while one types.
import { preferences } from "../words/preferences.ts";

/** Whether a part may take this key. A part that takes it MUST call `preventDefault`. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (document.querySelector("dialog[open]")) return false; // it lies over the page
  const { target } = event;
  if (!(target instanceof Element)) return true;
  const isTyping = target.matches("input, textarea, select, [contenteditable]");
  if (isTyping) return false;
  const presses = event.key === " " || event.key === "Enter";
  if (presses && target.matches("button, a, summary")) return false;
  return event.key.length > 1 || preferences.read().keys === "on";
}

/** The key's sign; of a letter on a keyboard of another alphabet, that of its place. */
export function keyOf({ key, code }: Pick<KeyboardEvent, "key" | "code">): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return letter !== undefined && /^[^\p{ASCII}]$/u.test(key) ? letter.toLowerCase() : key;
}

/** @param parts of one kind, in the order of the page @returns that of the channel that has the focus, else the first */
export function partInFocus<Part extends Element>(parts: Iterable<Part>): Part | undefined {
  const all = [...parts];
  const channel = channelOf(document.activeElement);
  return all.find((part) => channelOf(part) === channel) ?? all[0];
}

/** A channel has a part of the page's head and one of its body. */
function channelOf(element: Element | null): string | undefined {
  return element?.closest<HTMLElement>("[data-channel]")?.dataset.channel;
}
