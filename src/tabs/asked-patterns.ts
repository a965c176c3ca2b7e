// What the hub is asked for: what any tab wants.
import type { Ports } from "../client/connection/ports.ts";
import type { Reactor } from "../client/index.ts";

/** A hub takes 64 patterns, of 8 KiB together with those that a token allows: beyond these all is asked for. */
const [MAX_PATTERNS, MAX_UNITS] = [64, 2_048];

/** Patterns that no tab wants any more are asked for a while longer: a page that is loaded again wants them again. */
const SHRINK_MS = 5_000;

type Sets = readonly (readonly string[])[];

export class AskedPatterns {
  readonly #after: Ports["after"];
  /** What the hub was asked for last; empty: everything. */
  #asked: readonly string[] = [];
  /** What it has confirmed to send. */
  #held: readonly string[] = [];
  #stop = () => {};

  constructor(after: Ports["after"]) {
    this.#after = after;
  }

  /** For a connection that is to be opened. @param needed what each tab needs @returns the patterns to ask for */
  begin(needed: Sets): readonly string[] {
    this.#asked = unionOf(needed);
    return this.#asked;
  }

  /** The hub sends these. */
  confirmed(patterns: readonly string[]): void {
    this.#held = patterns;
  }

  /** Whether the hub sends all of these. */
  haveAll(patterns: readonly string[]): boolean {
    return covers(this.#held, patterns);
  }

  /** Asks for what else is needed. */
  grow(reactor: Reactor, needed: Sets): void {
    if (needed.every((patterns) => covers(this.#asked, patterns))) return;
    this.#asked = unionOf([this.#asked, ...needed]);
    reactor.subscribe(this.#asked);
  }

  /** After a while asks for no more than `needed` returns then; nothing: it is over. */
  shrinkLater(reactor: Reactor | undefined, needed: () => Sets): void {
    this.#stop();
    this.#stop = this.#after(SHRINK_MS, () => {
      const sets = needed();
      const union = unionOf(sets);
      if (sets.length === 0 || covers(union, this.#asked)) return;
      this.#asked = union;
      reactor?.subscribe(union);
    });
  }

  /** The hub takes no more of them: it is asked for everything, and each tab picks. */
  askForAll(reactor: Reactor | undefined): void {
    this.#asked = [];
    reactor?.subscribe([]);
  }

  stop(): void {
    this.#stop();
  }
}

/** @param sets each tab's; an empty one is everything @returns their union; empty: everything */
function unionOf(sets: Sets): readonly string[] {
  const union = [...new Set(sets.flat())];
  const isTooMuch = union.length > MAX_PATTERNS || union.join().length > MAX_UNITS;
  return isTooMuch || sets.some((set) => set.length === 0) ? [] : union;
}

/** Whether who gets `held` gets `wanted`. */
function covers(held: readonly string[], wanted: readonly string[]): boolean {
  return held.length === 0 || (wanted.length > 0 && wanted.every((pattern) => held.includes(pattern)));
}
