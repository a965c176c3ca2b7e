// What a key does: it presses the button, or goes to the field, that names it in `aria-keyshortcuts`. Of two channels side by side it is
// for the one that has the focus, else for the first.

/** @returns whether the key did something */
export function pressKey(key: string): boolean {
  const target = targetOf(key);
  if (!target) return false;
  const details = target.tagName === "SUMMARY" ? target.closest("details") : null;
  if (details) details.open = true;
  else if (target instanceof HTMLButtonElement) target.click();
  const field = details?.querySelector<HTMLElement>("input, textarea, a, button");
  (field ?? target).focus();
  return true;
}

/** Whether something on the page has this key. */
export function hasTarget(key: string): boolean {
  return document.querySelector(selectorOf(key)) !== null;
}

/** Whether the visitor writes, or looks at what lies over the page: then a letter is a letter. */
export function isTaken(): boolean {
  const focused = document.activeElement;
  return (
    focused?.closest("input, textarea, select, [contenteditable]") != null ||
    document.querySelector("dialog[open]") !== null
  );
}

/** The key's sign; of a letter on a keyboard of another alphabet, that of its place. */
export function keyOf({ key, code }: Pick<KeyboardEvent, "key" | "code">): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return letter !== undefined && /^[^\p{ASCII}]$/u.test(key) ? letter.toLowerCase() : key;
}

function targetOf(key: string): HTMLElement | null {
  const channel = document.activeElement?.closest("[data-channel]") ?? document;
  return channel.querySelector<HTMLElement>(selectorOf(key)) ?? document.querySelector<HTMLElement>(selectorOf(key));
}

function selectorOf(key: string): string {
  return `[aria-keyshortcuts="${CSS.escape(key)}"]:not(:disabled)`;
}
