// What a key does: it presses the button, opens what can be opened, or goes to the field that names the key in `aria-keyshortcuts`. Of
// two channels side by side it is for the one that has the focus, else for the first.
import { partInFocus } from "../visit/shortcuts.ts";

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
  const target = partInFocus(named);
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
    (each) =>
      [each.ariaKeyShortcuts ?? "", (each as HTMLElement).title || (each.ariaLabel ?? each.textContent)] as const,
  );
  const first = new Map(named.reverse()); // two channels have the same
  return [...first].reverse().map(([key, does]) => ({ keys: [key], does }));
}
