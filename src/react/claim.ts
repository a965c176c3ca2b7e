// What components ask for: a set per component, so that what two of them asked for stays until both are gone.
import { namesIn } from "../client/merge-patterns.ts";

/** What one component asks for, while it is mounted. */
export class Claim {
  readonly #check: (pattern: string) => void;
  readonly #onChange: () => void;
  /** By a list of patterns, how often it was asked for: an effect may run again without its undo. */
  readonly #asked = new Map<string, number>();

  /** @param check throws if its argument is no pattern @param onChange is called when `patterns` may have changed */
  constructor(check: (pattern: string) => void, onChange: () => void) {
    this.#check = check;
    this.#onChange = onChange;
  }

  get patterns(): readonly string[] {
    return [...this.#asked.keys()].flatMap(namesIn);
  }

  /** @returns its undo @throws TypeError if one of them is no pattern */
  readonly subscribe = (names: string | readonly string[]): (() => void) => {
    const patterns = namesIn(names);
    for (const pattern of patterns) this.#check(pattern);
    const list = patterns.join();
    this.#count(list, 1);
    let isUndone = false;
    return () => {
      if (!isUndone) this.#count(list, -1);
      isUndone = true;
    };
  };

  #count(list: string, change: 1 | -1): void {
    const count = (this.#asked.get(list) ?? 0) + change;
    if (count > 0) this.#asked.set(list, count);
    else this.#asked.delete(list);
    this.#onChange();
  }
}
