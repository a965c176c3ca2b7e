// A subscriber of chaos: the real client, what it received, and how long it took to receive an event after each fault.
import { browserPorts, type ClientSocket } from "../../src/client/connection/ports.ts";
import { runtimePorts } from "../../src/client/connection/runtime-ports.ts";
import { type ConnectionState, connect, type Reactor, type ReactorEvent } from "../../src/client/index.ts";
import { isEqual, type ReceivedEvent, type SubscriberRecord } from "./chaos-check.ts";
import { Recoveries } from "./chaos-recovery.ts";

export interface SharedEvents {
  /** Each event as first received, by seq: subscribers that receive the same keep the same object, to save memory. */
  readonly first: Map<number, ReceivedEvent>;
  /** How many subscribers there were so far: every other one can inflate. */
  subscribers: number;
  /** How many frames have come in their compressed form. */
  deflated: number;
}

export class Subscriber implements SubscriberRecord {
  readonly name: string;
  readonly patterns: readonly string[];
  readonly received: ReceivedEvent[] = [];
  resets = 0;
  reconnects = 0;
  readonly recoveries: Recoveries;
  readonly #reactor: Reactor;
  readonly #shared: SharedEvents;
  /** Set until it notices that its connection broke: until then, what arrives was in flight before. */
  #toBreak = false;
  #wasConnected = false;

  constructor(name: string, url: string, patterns: readonly string[], shared: SharedEvents) {
    this.name = name;
    this.patterns = patterns;
    this.#shared = shared;
    this.recoveries = new Recoveries(name);
    const inflates = shared.subscribers++ % 2 === 0;
    const base = inflates ? runtimePorts : browserPorts;
    const ports = { ...base, open: (stream: string, protocols: string[]) => this.#open(stream, protocols) };
    this.#reactor = connect({ url, events: patterns, cursor: "0.0" }, ports);
    this.#reactor.on("*", (event) => this.#receive(event));
    this.#reactor.onState((state) => this.#onState(state));
    this.#reactor.onReset(() => this.resets++);
  }

  get cursor(): string {
    return this.#reactor.cursor ?? "0.0";
  }

  get isConnected(): boolean {
    return this.#reactor.state === "connected";
  }

  /** Notes a fault, or the end of one: the next event that it receives is the recovery. */
  hit(what: string, breaks: boolean): void {
    if (!this.recoveries.isUnderWay) this.#toBreak = breaks && this.isConnected;
    this.recoveries.begin(what);
  }

  close(): void {
    this.#reactor.close();
  }

  /** The browser's socket, which also reports which side ended it. */
  #open(url: string, protocols: string[]): ClientSocket {
    const socket = browserPorts.open(url, protocols);
    socket.addEventListener("message", ({ data }) => {
      if (typeof data === "object") this.#shared.deflated++;
    });
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

  #onState(state: ConnectionState): void {
    if (state === "connecting") this.recoveries.connect();
    else if (state === "connected") this.recoveries.note(state);
    if (state !== "connected") this.#toBreak = false;
    else if (this.#wasConnected) this.reconnects++;
    else this.#wasConnected = true;
  }

  #receive(event: ReactorEvent): void {
    if (event.seq === undefined) return; // ephemeral: not guaranteed
    const received = receivedOf(event);
    const first = this.#shared.first.get(received.seq);
    if (!first) this.#shared.first.set(received.seq, received);
    this.received.push(first && isEqual(first, received) ? first : received);
    if (!this.#toBreak) this.recoveries.end();
  }
}

export function receivedOf({ seq = 0, source, id, type, data, timestamp }: ReactorEvent): ReceivedEvent {
  return { seq, source, id, type, data: JSON.stringify(data), timestamp };
}
