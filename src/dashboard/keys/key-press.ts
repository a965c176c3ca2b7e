// What a key does: it presses the button, opens what can be opened, or goes to the field that names the key in `aria-keyshortcuts`. Of
// two channels side by side it is for the one that has the focus, else for the first.

export interface KeyRow {
  /** Each of them does it. */
  readonly keys: readonly string[];
  readonly does: string;
}

export interface KeyGroup {
  readonly title: string;
  readonly rows: readonly KeyRow[];
}

/** @returns whether the key did something */
export function pressKey(key: string): boolean {
  const channel = document.activeElement?.closest("[data-channel]");
  const selector = `[aria-keyshortcuts="${CSS.escape(key)}"]:not(:disabled)`;
  const target = channel?.querySelector<HTMLElement>(selector) ?? document.querySelector<HTMLElement>(selector);
  if (!target) return false;
  const details = target.tagName === "SUMMARY" ? target.closest("details") : null;
  if (details) details.open = true;
  else if (target instanceof HTMLButtonElement) target.click();
  if (details || !(target instanceof HTMLButtonElement)) {
    (details?.querySelector<HTMLElement>("input, textarea") ?? target).focus();
  }
  return true;
}

/** The keys that do something on the page as it is now, each with the name of what it presses. */
export function keysOnPage(): readonly KeyRow[] {
  const named = [...document.querySelectorAll("[aria-keyshortcuts]")].map(
    (each) => [each.ariaKeyShortcuts ?? "", each.ariaLabel ?? each.textContent] as const,
  );
  const first = new Map(named.reverse()); // two channels have the same
  return [...first].reverse().map(([key, does]) => ({ keys: [key], does }));
}

/** Whether the visitor writes, or looks at what lies over the page: then a letter is a letter. */
export function isTaken(): boolean {
  const isWriting = document.activeElement?.closest("input, textarea, select, [contenteditable]") != null;
  return isWriting || document.querySelector("dialog[open]") !== null;
}

/** The key's sign; of a letter on a keyboard of another alphabet, that of its place. */
export function keyOf({ key, code }: Pick<KeyboardEvent, "key" | "code">): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return letter !== undefined && /^[^\p{ASCII}]$/u.test(key) ? letter.toLowerCase() : key;
}
