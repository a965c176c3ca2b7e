// A socket to the hub, read one frame at a time. What any hub may send at any time (heartbeats, events about connections) is
// skipped, so that a check sees only the effects of its own emits.
import type { Duplex } from "node:stream";
import { inflated } from "./deflated-message.ts";
import { type Json, Mismatch, shown } from "./mismatch.ts";
import {
  BINARY,
  CLOSE,
  decodeClose,
  encodeClose,
  encodeMessage,
  type Message,
  MessageReader,
  PING,
  PONG,
  TEXT,
} from "./websocket-messages.ts";

/** 1006: the connection ended without a close frame. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export class TappedSocket {
  /** How many have come: frames of events in their compressed form. */
  binaryMessages = 0;
  readonly #socket: Duplex;
  readonly #awaits: (what: string) => void;
  readonly #reader = new MessageReader("server");
  readonly #ready: string[] = [];
  #closed: Closed | undefined;
  #failure: unknown;
  #wake = () => {};

  /** @param socket upgraded, with no extension @param head the bytes that were already read */
  constructor(socket: Duplex, head: Buffer, awaits: (what: string) => void) {
    this.#socket = socket;
    this.#awaits = awaits;
    const end = () => this.#end({ code: 1006, reason: "" });
    socket.on("end", end).on("close", end).on("error", end);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#take(head);
  }

  /** Sends text, bytes as a binary message, or an object as JSON. */
  send(message: string | Uint8Array | object): void {
    if (message instanceof Uint8Array) this.#write(encodeMessage(BINARY, Buffer.from(message), "client"));
    else {
      const text = typeof message === "string" ? message : JSON.stringify(message);
      this.#write(encodeMessage(TEXT, Buffer.from(text), "client"));
    }
  }

  /** Begins to close; the hub has to answer. */
  close(code?: number): void {
    this.#write(encodeClose(code, "", "client"));
  }

  /** Ends the connection without waiting for the hub. */
  cut(): void {
    if (this.#socket.writable) this.#socket.end(encodeClose(1000, "", "client"), () => this.#socket.destroy());
    else this.#socket.destroy();
  }

  /** Waits for the hub's close frame; frames before it can still be read. */
  async closed(): Promise<Closed> {
    this.#awaits("a socket to be closed");
    while (!this.#closed) await this.#change();
    return this.#closed;
  }

  /** Reads everything up to the close frame. @param onFrame may throw if the hub should have closed before */
  async end(onFrame: (frame: Json) => void = () => {}): Promise<Closed & { frames: Json[] }> {
    const frames: Json[] = [];
    for (let text = await this.next(); text !== undefined; text = await this.next()) {
      const frame = JSON.parse(text);
      onFrame(frame);
      frames.push(frame);
    }
    const closed = await this.closed();
    for (const frame of frames) {
      const announced = frame.type === "reactor_error" ? frame.data?.close : undefined;
      if (announced !== undefined && announced !== closed.code) {
        throw new Mismatch(`expected a close as announced by ${shown(frame)}, got ${shown(closed)}`);
      }
    }
    return { ...closed, frames };
  }

  /** The next message, unparsed; `undefined` if the hub has closed. */
  async next(): Promise<string | undefined> {
    this.#awaits("a message on a socket, or its close");
    for (;;) {
      const text = this.#ready.shift();
      if (text !== undefined || this.#closed) return text;
      await this.#change();
    }
  }

  /** The next message, which MUST arrive before the close. */
  async text(): Promise<string> {
    const text = await this.next();
    if (text === undefined) throw new Mismatch(`expected a message, got a close ${shown(this.#closed)}`);
    return text;
  }

  /** The next frame that is not spontaneous. */
  async frame(): Promise<Json> {
    for (;;) {
      const frame = JSON.parse(await this.text());
      if (!isSpontaneous(frame)) return frame;
    }
  }

  /** Reads events until there are `enough`, and acknowledges pages that ask for it; other frames are a mismatch. */
  async events(enough: number, onFrame: (frame: Json) => void = () => {}): Promise<Json[]> {
    const events: Json[] = [];
    while (events.length < enough) {
      const frame = await this.frame();
      if (frame.type !== "reactor_events") throw new Mismatch(`expected events, got ${shown(frame)}`);
      onFrame(frame);
      events.push(...loggedOf(frame));
      if (frame.more) this.ack(frame.cursor);
    }
    return events;
  }

  ack(cursor: string): void {
    this.send({ type: "ack", data: { cursor } });
  }

  #write(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  #take(chunk: Buffer): void {
    if (this.#closed) return;
    try {
      for (const message of this.#reader.push(chunk)) this.#onMessage(message);
    } catch (error) {
      this.#failure = error;
      this.#wake();
    }
  }

  #onMessage(message: Message): void {
    const { opcode, payload } = message;
    if (opcode === PING) this.#write(encodeMessage(PONG, payload, "client"));
    else if (opcode === CLOSE) {
      const closed = decodeClose(message);
      this.#write(encodeClose(closed.code === 1005 ? undefined : closed.code, "", "client"));
      this.#end(closed);
    } else if (opcode !== PONG) {
      if (opcode === BINARY) this.binaryMessages += 1;
      this.#ready.push(opcode === BINARY ? inflated(payload) : payload.toString());
      this.#wake();
    }
  }

  #end(closed: Closed): void {
    this.#closed ??= closed;
    this.#wake();
  }

  /** Waits for a message or for the end. @throws if the hub violates the WebSocket protocol */
  async #change(): Promise<void> {
    if (this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** The events of a frame that are not ephemeral: a heartbeat may be among them. */
export function loggedOf({ events = [] }: Json): Json[] {
  return events.filter(({ seq }: Json) => seq !== undefined);
}

/** Whether a frame has only ephemeral events, or is one in the legacy dialect. */
function isSpontaneous({ type, events, seq, after, cursor }: Json): boolean {
  if (type === "reactor_heartbeat" || /^websocket_/.test(type)) return seq === undefined;
  if (type !== "reactor_events" || !Array.isArray(events) || events.length === 0) return false;
  return events.every((event) => event.seq === undefined) && String(cursor).endsWith(`.${after}`);
}
