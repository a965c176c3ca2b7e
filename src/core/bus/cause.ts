// The chain of emits behind an event. A listener that emits may cause others to emit: this bounds their depth and number.
import { quoted } from "../printable.ts";

/** Emits in a row, each by a listener of the one before. */
const MAX_DEPTH = 8;

/**
 * Emits that one event from outside may cause in all. Each is a row and a broadcast, most of them in the turn of that event:
 * two listeners that each emit for the other double at every step, and reach 510 within the depth alone. 64 suffice for a
 * listener that emits eight events, each with listeners that emit seven.
 */
const MAX_CAUSED = 64;

interface Tree {
  /** Emits so far that the event from outside has caused. */
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

  /** The cause of an event of this name, emitted by a listener of this one. @throws Refusal beyond the depth or the number */
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
  /** Whether it is the first refusal for the same event from outside: all of them get one line in the log. */
  readonly isFirst: boolean;

  constructor(message: string, isFirst: boolean) {
    super(message);
    this.isFirst = isFirst;
  }
}
