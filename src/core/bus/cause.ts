// What an event came of. A listener that emits may set off others, and those more: so deep, so many, and no further.
import { quoted } from "../printable.ts";

/** Emits behind one another. */
const MAX_DEPTH = 8;

/**
 * Emits that one event from outside may cause in all. Each is a row and a broadcast, most of them in the turn of that event:
 * listeners that each emit to the other double with every step, and reach 510 within the depth alone. 64 are enough for a listener that emits eight, each with listeners that emit seven.
 */
const MAX_CAUSED = 64;

interface Tree {
  /** Emits so far that came of the event from outside. */
  caused: number;
  isRefused: boolean;
}

export class Cause {
  readonly #depth: number;
  readonly #tree: Tree;

  private constructor(depth: number, tree: Tree) {
    this.#depth = depth;
    this.#tree = tree;
  }

  /** Of an event from outside. */
  static outside(): Cause {
    return new Cause(0, { caused: 0, isRefused: false });
  }

  /** Of an event of this name that a listener of this one emits. @throws Refusal beyond the depth or the number */
  step(name: string): Cause {
    const depth = this.#depth + 1;
    if (depth > MAX_DEPTH) this.#refuse(name, `emitted ${depth} deep; listeners may go ${MAX_DEPTH}`);
    if (this.#tree.caused >= MAX_CAUSED) this.#refuse(name, `one more than the ${MAX_CAUSED} that an event may cause`);
    this.#tree.caused += 1;
    return new Cause(depth, this.#tree);
  }

  #refuse(name: string, what: string): never {
    const isFirst = !this.#tree.isRefused;
    this.#tree.isRefused = true;
    throw new Refusal(`${quoted(name)} would be ${what}.`, isFirst);
  }
}

export class Refusal extends Error {
  /** Whether nothing else that came of the same event was refused before: one line in the log for all. */
  readonly isFirst: boolean;

  constructor(message: string, isFirst: boolean) {
    super(message);
    this.isFirst = isFirst;
  }
}
