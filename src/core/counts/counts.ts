// What a hub counts of its sockets and of what it refuses, since the channel's first event. All of it only grows, so of two states
// that follow one another the later one is, name by name, the higher one.
import { PROBLEMS, type ProblemCode } from "../../wire/problem.ts";
import type { Encoding, Reset } from "../../wire/server-frame.ts";

/** How many refusals there were, by problem code. */
export type Refusals = Readonly<Partial<Record<ProblemCode, number>>>;

/** How often something happened, by name. */
export type CountsByName = Readonly<Record<string, number>>;

/** Everything that is counted by name. */
const KINDS = ["opened", "closes", "refusals", "resets"] as const;

type Kind = (typeof KINDS)[number];

export interface Totals extends Readonly<Record<Kind, CountsByName>> {
  /** Sockets that came with a cursor, and were sent events that they had missed. */
  readonly replays: number;
  /** Events × sockets: each event of the log that was put on a socket, live or out of the log. */
  readonly deliveries: number;
}

/** As it is stored: what seldom changes is one text, which is encoded again only when it has. */
export interface StoredCounts {
  readonly deliveries: number;
  /** JSON of `Totals` without `deliveries`, and without what is 0. */
  readonly tallies: string;
}

/** RFC 6455, 7.4, and what a hub closes with. */
const CLOSE_CODES = new Set<number>([
  ...Array.from({ length: 16 }, (_, index) => 1_000 + index),
  ...Object.values(PROBLEMS).flatMap((problem) => ("close" in problem ? [problem.close] : [])),
]);

/** A client may close with any of 2,000 codes of its own: so many are counted by name, and further ones under `OTHER_CODES`. */
const MAX_OTHER_CODES = 16;

/** The name under which further close codes are counted. */
export const OTHER_CODES = "other";

export class Counts {
  #deliveries = 0;
  #replays = 0;
  readonly #byName: Readonly<Record<Kind, Map<string, number>>> = {
    opened: new Map(),
    closes: new Map(),
    refusals: new Map(),
    resets: new Map(),
  };
  /** `undefined`: to be encoded. */
  #tallies: string | undefined;
  #otherCodes = 0;
  #changed: (() => void) | null = null;

  get deliveries(): number {
    return this.#deliveries;
  }

  get tallies(): string {
    this.#tallies ??= this.#encode();
    return this.#tallies;
  }

  get totals(): Totals {
    const { opened, closes, refusals, resets } = this.#byName;
    return {
      opened: Object.fromEntries(opened),
      closes: Object.fromEntries(closes),
      refusals: Object.fromEntries(refusals),
      resets: Object.fromEntries(resets),
      replays: this.#replays,
      deliveries: this.#deliveries,
    };
  }

  /** Calls `act` at the next change, once: what happens then MUST NOT be slow, for a frame may be waiting. */
  onceChanged(act: () => void): void {
    this.#changed = act;
  }

  /** A socket was welcomed. */
  opened(dialect: "v1" | "legacy", encoding: Encoding): void {
    this.#add("opened", encoding === undefined ? dialect : `${dialect}.${encoding}`, 1);
  }

  /** A socket that was welcomed has ended. @param code as the hub sends it, or the runtime reports it */
  closed(code: number): void {
    const { closes } = this.#byName;
    let name = String(code);
    if (!CLOSE_CODES.has(code) && !closes.has(name)) {
      if (this.#otherCodes < MAX_OTHER_CODES) this.#otherCodes += 1;
      else name = OTHER_CODES;
    }
    this.#add("closes", name, 1);
  }

  /** A request, a message or an upgrade was answered by a problem. */
  refused(code: ProblemCode): void {
    this.#add("refusals", code, 1);
  }

  /** The same of many, which were refused elsewhere. */
  addRefusals(refusals: Refusals): void {
    for (const [code, count] of Object.entries(refusals)) {
      if (Object.hasOwn(PROBLEMS, code)) this.#add("refusals", code, count);
    }
  }

  /** A socket was sent a reset. */
  reset(reason: Reset["reason"]): void {
    this.#add("resets", reason, 1);
  }

  /** A socket that came with a cursor was sent the first events that it had missed. */
  replayed(): void {
    this.#replays += 1;
    this.#tallies = undefined;
    this.#change();
  }

  /** @param count events × sockets */
  delivered(count: number): void {
    if (count === 0) return;
    this.#deliveries += count;
    this.#change();
  }

  /** Takes up a state that was stored, or a later one. What was counted since stays. */
  restore({ deliveries, tallies }: StoredCounts): void {
    const stored = JSON.parse(tallies) as Partial<Totals>;
    this.#deliveries = Math.max(this.#deliveries, deliveries);
    this.#replays = Math.max(this.#replays, stored.replays ?? 0);
    for (const kind of KINDS) {
      const counts = this.#byName[kind];
      for (const [name, count] of Object.entries(stored[kind] ?? {})) {
        counts.set(name, Math.max(counts.get(name) ?? 0, count));
      }
    }
    const codes = [...this.#byName.closes.keys()];
    this.#otherCodes = codes.filter((name) => name !== OTHER_CODES && !CLOSE_CODES.has(Number(name))).length;
    this.#tallies = undefined;
  }

  #add(kind: Kind, name: string, count: number): void {
    const counts = this.#byName[kind];
    counts.set(name, (counts.get(name) ?? 0) + count);
    this.#tallies = undefined;
    this.#change();
  }

  #change(): void {
    const changed = this.#changed;
    this.#changed = null;
    changed?.();
  }

  #encode(): string {
    const stored: Record<string, unknown> = {};
    for (const kind of KINDS) {
      if (this.#byName[kind].size > 0) stored[kind] = Object.fromEntries(this.#byName[kind]);
    }
    if (this.#replays > 0) stored.replays = this.#replays;
    return JSON.stringify(stored);
  }
}
