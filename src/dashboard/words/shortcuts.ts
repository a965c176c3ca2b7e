// Single keys that act, wherever the focus is but in a field. Each part lists its own for the sheet that `?` opens.
import { useEffect } from "react";
import { preferences } from "./preferences.ts";

/** One line of the sheet. */
export interface Shortcut {
  /** As they are written on a keyboard; any of them acts. */
  readonly keys: readonly string[];
  readonly does: string;
}

/** Runs `run` when `key` is pressed alone. @param key as `KeyboardEvent.key` */
export function useShortcut(key: string, run: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (preferences.read().keys === "off" || isTyping(event.target)) return;
      event.preventDefault(); // Firefox opens its search on some of them
      run();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [key, run]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
