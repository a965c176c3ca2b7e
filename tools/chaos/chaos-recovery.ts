// What a reader of chaos goes through from a fault to the next event that it is told, step by step: why it took so long.

/** What befell a reader or its link (a fault's name, or its end), or what its connection did then. */
export interface Step {
  readonly what: string;
  /** After the fault that began it. */
  readonly afterMs: number;
}

export interface Recovery {
  readonly reader: string;
  readonly ms: number;
  /** How much of that the client waited before it tried to connect again, as SPEC K4 wants it to. */
  readonly waitedMs: number;
  /** The first is a fault, the last an event. */
  readonly steps: readonly Step[];
}

const NONE: Recovery = { reader: "nobody", ms: 0, waitedMs: 0, steps: [] };

/** What a recovery takes without the client's patience: by the network, the hub and this machine. */
export const busyMs = ({ ms, waitedMs }: Recovery) => ms - waitedMs;

/** @param by what is to be the largest */
export function worst(recoveries: Iterable<Recovery>, by: (recovery: Recovery) => number): Recovery {
  let found = NONE;
  for (const recovery of recoveries) if (by(recovery) > by(found)) found = recovery;
  return found;
}

/** The recoveries of one reader, of which the worst are kept. */
export class Recoveries {
  longest = NONE;
  /** The longest without the client's waiting. */
  busiest = NONE;
  readonly #reader: string;
  readonly #now: () => number;
  #beganMs = 0;
  #steps: Step[] = [];
  #waitsFromMs: number | undefined;
  #waitedMs = 0;

  /** @param now in milliseconds, since whenever */
  constructor(reader: string, now: () => number = () => performance.now()) {
    this.#reader = reader;
    this.#now = now;
  }

  get isUnderWay(): boolean {
    return this.#steps.length > 0;
  }

  /** Something befell the reader, from which it recovers with the next event; or befell it again before it could. */
  begin(what: string): void {
    if (!this.isUnderWay) [this.#beganMs, this.#waitedMs] = [this.#now(), 0];
    this.#steps.push({ what, afterMs: this.#now() - this.#beganMs });
  }

  /** Something happened on the way, if it is on one. */
  note(what: string): void {
    if (this.isUnderWay) this.begin(what);
  }

  /** Its connection is gone, and it waits until it tries again. */
  wait(what: string): void {
    this.note(what);
    this.#waitsFromMs = this.#now();
  }

  connect(): void {
    this.note("connecting");
    if (this.#waitsFromMs !== undefined) this.#waitedMs += this.#now() - Math.max(this.#waitsFromMs, this.#beganMs);
    this.#waitsFromMs = undefined;
  }

  end(): void {
    if (!this.isUnderWay) return;
    const ms = this.#now() - this.#beganMs;
    const steps = [...this.#steps, { what: "event", afterMs: ms }];
    const recovery = { reader: this.#reader, ms, waitedMs: this.#waitedMs, steps };
    this.longest = worst([this.longest, recovery], (each) => each.ms);
    this.busiest = worst([this.busiest, recovery], busyMs);
    this.#steps = [];
  }
}

/** As `reader 7: cut, ended with 1006 after 3 ms, connecting after 210 ms, connected after 230 ms, event after 245 ms`. */
export function describe({ reader, steps }: Recovery): string {
  const told = steps.map(({ what, afterMs }, n) => (n === 0 ? what : `${what} after ${inMs(afterMs)}`));
  return `${reader}: ${told.join(", ")}`;
}

export const inMs = (ms: number) => `${Math.round(ms).toLocaleString("en")} ms`;
