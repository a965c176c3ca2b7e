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
  const named = document.querySelectorAll<HTMLElement>(`[aria-keyshortcuts="${CSS.escape(key)}"]:not(:disabled)`);
  const channel = channelOf(document.activeElement);
  const target = [...named].find((each) => channelOf(each) === channel) ?? named[0];
  if (!target) return false;
  const details = target.tagName === "SUMMARY" ? target.closest("details") : null;
  if (details) details.open = true;
  else if (target instanceof HTMLButtonElement) target.click();
  if (details || !(target instanceof HTMLButtonElement)) {
    (details?.querySelector<HTMLElement>("input, textarea") ?? target).focus();
  }
  return true;
}

/** A channel has a part of the page's head and one of its body. */
function channelOf(element: Element | null): string | undefined {
  return element?.closest<HTMLElement>("[data-channel]")?.dataset.channel;
}

/** The keys that do something on the page as it is now, each with the name of what it presses. */
export function keysOnPage(): readonly KeyRow[] {
  const named = [...document.querySelectorAll("[aria-keyshortcuts]")].map(
    (each) => [each.ariaKeyShortcuts ?? "", each.ariaLabel ?? each.textContent] as const,
  );
  const first = new Map(named.reverse()); // two channels have the same
  return [...first].reverse().map(([key, does]) => ({ keys: [key], does }));
}

/** Whether something lies over the page: then its keys do nothing. */
export function isCovered(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

/** The key's sign; of a letter on a keyboard of another alphabet, that of its place. */
export function keyOf({ key, code }: Pick<KeyboardEvent, "key" | "code">): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return letter !== undefined && /^[^\p{ASCII}]$/u.test(key) ? letter.toLowerCase() : key;
}
