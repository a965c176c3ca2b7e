// A hub for clients under test. It uses only wire, and does nothing by itself but answer `ping`. Its messages arrive through
// `after`, in order and never while the client is sending, as on a network.
import type { ClientSocket, Close, Ports } from "../../src/client/connection/ports.ts";
import type { ClosingCode } from "../../src/wire/close-code.ts";
import { type Cursor, formatCursor, ORIGIN } from "../../src/wire/cursor.ts";
import type { ReactorEvent } from "../../src/wire/event.ts";
import { PROBLEMS, type ProblemCode } from "../../src/wire/problem.ts";
import {
  encodeEmitted,
  encodeError,
  encodeEvents,
  encodeReset,
  encodeSubscribed,
  encodeWelcome,
  type Ref,
  type Reset,
  type Welcome,
} from "../../src/wire/server-frame.ts";
import type { ManualClock } from "./manual-ports.ts";

const WELCOME = {
  message: "Connected to PulseAI Reactor",
  client_id: "double",
  timestamp: "2026-11-21T12:00:00.000Z",
  channel: "main",
  recovered: null,
  heartbeat_ms: 25_000,
  retry: { first_ms: 500, base_ms: 500, max_ms: 20_000 },
  ack: null,
};

export class HubDouble {
  readonly #connections: HubConnection[] = [];
  /** A frozen hub keeps its connections, and sends nothing more: its messages are lost. */
  frozen = false;
  /** Whether new sockets do not open, as in a browser that holds them back. */
  holdsBack = false;
  readonly #clock: Pick<ManualClock, "after" | "endTurn">;

  constructor(clock: Pick<ManualClock, "after" | "endTurn">) {
    this.#clock = clock;
  }

  /** All connections ever opened, the newest last. A client opens its socket, and subscribes, at the end of its turn: here. */
  get connections(): readonly HubConnection[] {
    this.#clock.endTurn();
    return this.#connections;
  }

  readonly open: Ports["open"] = (url, protocols) => {
    const schedule = (run: () => void) => void this.#clock.after(0, () => this.frozen || run());
    const connection = new HubConnection(url, protocols, schedule);
    if (this.holdsBack) connection.readyState = 0;
    this.#connections.push(connection);
    return connection;
  };

  get latest(): HubConnection {
    const latest = this.connections.at(-1);
    if (!latest) throw new Error("No client has connected.");
    return latest;
  }
}

/** One connection: the client's socket, and the hub's end of it. */
class HubConnection implements ClientSocket {
  readonly url: string;
  readonly protocols: readonly string[];
  /** The messages of the client. */
  readonly sent: string[] = [];
  readyState = 1;
  /** Whether the client closed it. Messages of the hub are still delivered: they may have been in flight. */
  isClosedByClient = false;
  readonly #schedule: (run: () => void) => void;
  readonly #onMessage: ((message: { readonly data: unknown }) => void)[] = [];
  readonly #onClose: ((close: Close) => void)[] = [];
  readonly #onOpen: (() => void)[] = [];

  constructor(url: string, protocols: readonly string[], schedule: (run: () => void) => void) {
    this.url = url;
    this.protocols = protocols;
    this.#schedule = schedule;
    schedule(() => this.readyState === 1 && this.#onOpen.forEach((listener) => void listener()));
  }

  // biome-ignore lint/suspicious/noExplicitAny: one body for the interface's two overloads
  addEventListener(type: "message" | "close" | "open" | "error", listener: (event?: any) => void): void {
    if (type !== "error") ({ message: this.#onMessage, close: this.#onClose, open: this.#onOpen })[type].push(listener);
  }

  send(text: string): void {
    this.sent.push(text);
    if (text === "ping") this.deliver("pong");
  }

  close(code: number): void {
    if (!this.isClosedByClient) this.drop(code);
    this.isClosedByClient = true;
  }

  welcome(cursor: Cursor = ORIGIN, changes: Partial<Welcome> = {}): void {
    this.deliver(encodeWelcome({ ...WELCOME, cursor: formatCursor(cursor), ...changes }));
  }

  events(after: number, cursor: Cursor, events: readonly ReactorEvent[], more = false): void {
    const texts = events.map((event) => JSON.stringify(event));
    this.deliver(encodeEvents(after, cursor, texts, more));
  }

  reset(cursor: Cursor, reason: Reset["reason"] = "trimmed"): void {
    this.deliver(encodeReset({ reason, oldest: formatCursor(cursor), cursor: formatCursor(cursor) }));
  }

  subscribed(events: readonly string[], cursor: Cursor): void {
    this.deliver(encodeSubscribed({ events, message: "", cursor: formatCursor(cursor) }));
  }

  /** Answers an `emit`. */
  emitted(ref: unknown, cursor: Cursor, id: string, duplicate = false): void {
    this.deliver(encodeEmitted({ ref, cursor: formatCursor(cursor), id, duplicate }));
  }

  /** @param ref of the refused message; `null` if none */
  refuse(code: ProblemCode, ref: unknown = null): void {
    this.deliver(encodeError({ code, detail: `No: ${code}.` }, ref as Ref));
  }

  /** Announces a close, as a hub does, since the close itself may take 10 s to arrive. */
  announceClose(code: ClosingCode): void {
    this.deliver(encodeError({ code, detail: `Closed: ${code}.` }, null, PROBLEMS[code].close));
  }

  /** Delivers any message to the client. */
  deliver(data: unknown): void {
    this.#schedule(() => this.#onMessage.forEach((listener) => void listener({ data })));
  }

  /** Closes the connection with `code`; 1006 is what a browser reports for a broken one. */
  drop(code: number, reason = ""): void {
    this.#schedule(() => this.#onClose.forEach((listener) => void listener({ code, reason })));
  }
}
