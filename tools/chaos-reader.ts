// A reader of chaos: the real client, what it was told, and how long it took to be told anything after a fault.
import { type ConnectionState, connect, type Reactor, type ReactorEvent } from "../src/client/index.ts";
import { isEqual, type ReaderRecord, type Told } from "./chaos-check.ts";

export interface Chronicle {
  /** The first telling of each event: readers that are told the same keep the same object, and memory stays small. */
  readonly first: Map<number, Told>;
}

export interface Recovery {
  readonly ms: number;
  /** How often it tried to connect meanwhile: most of a long recovery is the client's own patience (SPEC K4). */
  readonly attempts: number;
}

export class Reader implements ReaderRecord {
  readonly name: string;
  readonly patterns: readonly string[];
  readonly told: Told[] = [];
  resets = 0;
  reconnects = 0;
  longestRecovery: Recovery = { ms: 0, attempts: 0 };
  readonly #reactor: Reactor;
  readonly #chronicle: Chronicle;
  #hitAtMs: number | undefined;
  #attempts = 0;
  /** Until it has noticed that its connection broke, what comes was on its way before. */
  #toBreak = false;
  #wasLive = false;

  constructor(number: number, url: string, patterns: readonly string[], chronicle: Chronicle) {
    this.name = `reader ${number}`;
    this.patterns = patterns;
    this.#chronicle = chronicle;
    this.#reactor = connect({ url, events: patterns, cursor: "0.0" });
    this.#reactor.on("*", (event) => this.#hear(event));
    this.#reactor.onState((state) => this.#turn(state));
    this.#reactor.onReset(() => this.resets++);
  }

  get cursor(): string {
    return this.#reactor.cursor;
  }

  get isLive(): boolean {
    return this.#reactor.state === "live";
  }

  /** Something befell it, or has just ended: it recovers with the next event that it is told. */
  hit(breaks: boolean): void {
    if (this.#hitAtMs !== undefined) return;
    this.#hitAtMs = performance.now();
    this.#attempts = 0;
    this.#toBreak = breaks && this.isLive;
  }

  close(): void {
    this.#reactor.close();
  }

  #turn(state: ConnectionState): void {
    if (state === "connecting") this.#attempts++;
    if (state !== "live") this.#toBreak = false;
    else if (this.#wasLive) this.reconnects++;
    else this.#wasLive = true;
  }

  #hear(event: ReactorEvent): void {
    if (event.seq === undefined) return; // ephemeral: promised to nobody
    const told = toldOf(event);
    const first = this.#chronicle.first.get(told.seq);
    if (!first) this.#chronicle.first.set(told.seq, told);
    this.told.push(first && isEqual(first, told) ? first : told);
    if (this.#hitAtMs === undefined || this.#toBreak) return;
    const ms = performance.now() - this.#hitAtMs;
    if (ms > this.longestRecovery.ms) this.longestRecovery = { ms, attempts: this.#attempts };
    this.#hitAtMs = undefined;
  }
}

export function toldOf({ seq = 0, source, id, type, data, timestamp }: ReactorEvent): Told {
  return { seq, source, id, type, data: JSON.stringify(data), timestamp };
}
