// A reader of chaos: the real client, what it was told, and how long it took to be told anything after a fault.

import { browserPorts, type ClientSocket } from "../../src/client/connection/ports.ts";
import { type ConnectionState, connect, type Reactor, type ReactorEvent } from "../../src/client/index.ts";
import { isEqual, type ReaderRecord, type Told } from "./chaos-check.ts";
import { Recoveries } from "./chaos-recovery.ts";

export interface Chronicle {
  /** The first telling of each event: readers that are told the same keep the same object, and memory stays small. */
  readonly first: Map<number, Told>;
}

export class Reader implements ReaderRecord {
  readonly name: string;
  readonly patterns: readonly string[];
  readonly told: Told[] = [];
  resets = 0;
  reconnects = 0;
  readonly recoveries: Recoveries;
  readonly #reactor: Reactor;
  readonly #chronicle: Chronicle;
  /** Until it has noticed that its connection broke, what comes was on its way before. */
  #toBreak = false;
  #wasConnected = false;

  constructor(number: number, url: string, patterns: readonly string[], chronicle: Chronicle) {
    this.name = `reader ${number}`;
    this.patterns = patterns;
    this.#chronicle = chronicle;
    this.recoveries = new Recoveries(this.name);
    const ports = { ...browserPorts, open: (stream: string, protocols: string[]) => this.#open(stream, protocols) };
    this.#reactor = connect({ url, events: patterns, cursor: "0.0" }, ports);
    this.#reactor.on("*", (event) => this.#hear(event));
    this.#reactor.onState((state) => this.#turn(state));
    this.#reactor.onReset(() => this.resets++);
  }

  get cursor(): string {
    return this.#reactor.cursor;
  }

  get isConnected(): boolean {
    return this.#reactor.state === "connected";
  }

  /** Something befell it, or has just ended: it recovers with the next event that it is told. */
  hit(what: string, breaks: boolean): void {
    if (!this.recoveries.isUnderWay) this.#toBreak = breaks && this.isConnected;
    this.recoveries.begin(what);
  }

  close(): void {
    this.#reactor.close();
  }

  /** The browser's socket, of which it is seen who ended it. */
  #open(url: string, protocols: string[]): ClientSocket {
    const socket = browserPorts.open(url, protocols);
    let isOver = false;
    socket.addEventListener("close", ({ code }) => {
      if (!isOver) this.recoveries.wait(`ended with ${code}`);
      isOver = true;
    });
    return {
      addEventListener: socket.addEventListener.bind(socket),
      send: (text) => socket.send(text),
      close: (code) => {
        if (!isOver) this.recoveries.wait("given up");
        isOver = true;
        socket.close(code);
      },
    };
  }

  #turn(state: ConnectionState): void {
    if (state === "connecting") this.recoveries.connect();
    else if (state === "connected") this.recoveries.note(state);
    if (state !== "connected") this.#toBreak = false;
    else if (this.#wasConnected) this.reconnects++;
    else this.#wasConnected = true;
  }

  #hear(event: ReactorEvent): void {
    if (event.seq === undefined) return; // ephemeral: promised to nobody
    const told = toldOf(event);
    const first = this.#chronicle.first.get(told.seq);
    if (!first) this.#chronicle.first.set(told.seq, told);
    this.told.push(first && isEqual(first, told) ? first : told);
    if (!this.#toBreak) this.recoveries.end();
  }
}

export function toldOf({ seq = 0, source, id, type, data, timestamp }: ReactorEvent): Told {
  return { seq, source, id, type, data: JSON.stringify(data), timestamp };
}
