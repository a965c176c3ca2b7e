// A socket to the hub, read one frame at a time. What any hub may say at any moment (heartbeats, who came and went) is
// passed over, so that a check sees only what its own emits brought about.
import { type Json, Mismatch, shown } from "./mismatch.ts";

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export class TappedSocket {
  readonly socket: WebSocket;
  readonly opened: Promise<void>;
  readonly #awaits: (what: string) => void;
  readonly #closed: Promise<Closed>;
  readonly #ready: string[] = [];
  #isClosed: Closed | undefined;
  #wake = () => {};

  constructor(socket: WebSocket, awaits: (what: string) => void) {
    this.socket = socket;
    this.#awaits = awaits;
    socket.addEventListener("message", ({ data }) => {
      this.#ready.push(String(data));
      this.#wake();
    });
    this.#closed = new Promise((resolve) => {
      socket.addEventListener("close", ({ code, reason }) => {
        this.#isClosed = { code, reason };
        this.#wake();
        resolve(this.#isClosed);
      });
    });
    this.opened = new Promise((resolve, reject) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("error", () => reject(new Mismatch("expected a socket to open, got a refusal")));
    });
    this.opened.catch(() => {}); // whoever waits for it hears it
  }

  send(message: string | Uint8Array<ArrayBuffer> | object): void {
    const isRaw = typeof message === "string" || message instanceof Uint8Array;
    this.socket.send(isRaw ? message : JSON.stringify(message));
  }

  closed(): Promise<Closed> {
    this.#awaits("a socket to be closed");
    return this.#closed;
  }

  /** The next message as it came. */
  async text(): Promise<string> {
    this.#awaits("a message on a socket");
    for (;;) {
      const text = this.#ready.shift();
      if (text !== undefined) return text;
      if (this.#isClosed) throw new Mismatch(`expected a message, got a close ${shown(this.#isClosed)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The next frame that is not of the hub's own accord. */
  async frame(): Promise<Json> {
    for (;;) {
      const frame = JSON.parse(await this.text());
      if (!isOfItself(frame)) return frame;
    }
  }

  /** Frames of events until `enough` of them came, each `ack`ed that asks for it; other frames are refused. */
  async events(enough: number, onFrame: (frame: Json) => void = () => {}): Promise<Json[]> {
    const events: Json[] = [];
    while (events.length < enough) {
      const frame = await this.frame();
      if (frame.type !== "reactor_events") throw new Mismatch(`expected events, got ${shown(frame)}`);
      onFrame(frame);
      events.push(...frame.events.filter(({ seq }: Json) => seq !== undefined));
      if (frame.more) this.ack(frame.cursor);
    }
    return events;
  }

  ack(cursor: string): void {
    this.send({ type: "ack", data: { cursor } });
  }
}

/** An ephemeral event, or the word of one in the old dialect. */
function isOfItself({ type, events, seq, after, cursor }: Json): boolean {
  if (type === "reactor_heartbeat" || /^websocket_/.test(type)) return seq === undefined;
  if (type !== "reactor_events" || !Array.isArray(events) || events.length === 0) return false;
  return events.every((event) => event.seq === undefined) && String(cursor).endsWith(`.${after}`);
}
