// A socket to the hub, read one frame at a time. What any hub may say at any moment (heartbeats, who came and went) is
// passed over, so that a check sees only what its own emits brought about.
import type { Duplex } from "node:stream";
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
  readonly #socket: Duplex;
  readonly #awaits: (what: string) => void;
  readonly #reader = new MessageReader("server");
  readonly #ready: string[] = [];
  #closed: Closed | undefined;
  #failure: unknown;
  #wake = () => {};

  /** @param socket upgraded, with no extension @param head what of it was read already */
  constructor(socket: Duplex, head: Buffer, awaits: (what: string) => void) {
    this.#socket = socket;
    this.#awaits = awaits;
    const end = () => this.#end({ code: 1006, reason: "" });
    socket.on("end", end).on("close", end).on("error", end);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#take(head);
  }

  /** Text, unless it is bytes; an object as JSON. */
  send(message: string | Uint8Array | object): void {
    if (message instanceof Uint8Array) this.#write(encodeMessage(BINARY, Buffer.from(message), "client"));
    else {
      const text = typeof message === "string" ? message : JSON.stringify(message);
      this.#write(encodeMessage(TEXT, Buffer.from(text), "client"));
    }
  }

  /** Begins to close: the hub has yet to answer. */
  close(code?: number): void {
    this.#write(encodeClose(code, "", "client"));
  }

  /** Ends the connection without waiting for the hub. */
  cut(): void {
    if (this.#socket.writable) this.#socket.end(encodeClose(1000, "", "client"), () => this.#socket.destroy());
    else this.#socket.destroy();
  }

  /** The hub's close frame; frames that come before it stay to be read. */
  async closed(): Promise<Closed> {
    this.#awaits("a socket to be closed");
    while (!this.#closed) await this.#something();
    return this.#closed;
  }

  /** Everything that the hub says up to its close frame. @param onFrame may throw, where it should have closed before */
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

  /** The next message as it came; `undefined`: the hub has closed. */
  async next(): Promise<string | undefined> {
    this.#awaits("a message on a socket, or its close");
    for (;;) {
      const text = this.#ready.shift();
      if (text !== undefined || this.#closed) return text;
      await this.#something();
    }
  }

  /** The next message, which MUST come before the close. */
  async text(): Promise<string> {
    const text = await this.next();
    if (text === undefined) throw new Mismatch(`expected a message, got a close ${shown(this.#closed)}`);
    return text;
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
      for (const message of this.#reader.push(chunk)) this.#hear(message);
    } catch (error) {
      this.#failure = error;
      this.#wake();
    }
  }

  #hear(message: Message): void {
    const { opcode, payload } = message;
    if (opcode === PING) this.#write(encodeMessage(PONG, payload, "client"));
    else if (opcode === CLOSE) {
      const closed = decodeClose(message);
      this.#write(encodeClose(closed.code === 1005 ? undefined : closed.code, "", "client"));
      this.#end(closed);
    } else if (opcode !== PONG) {
      this.#ready.push(payload.toString());
      this.#wake();
    }
  }

  #end(closed: Closed): void {
    this.#closed ??= closed;
    this.#wake();
  }

  /** Waits for a message or for the end. @throws where the hub violates WebSocket */
  async #something(): Promise<void> {
    if (this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** The events of a frame that are not ephemeral: a heartbeat may stand among them. */
export function loggedOf({ events = [] }: Json): Json[] {
  return events.filter(({ seq }: Json) => seq !== undefined);
}

/** An ephemeral event, or the word of one in the legacy dialect. */
function isOfItself({ type, events, seq, after, cursor }: Json): boolean {
  if (type === "reactor_heartbeat" || /^websocket_/.test(type)) return seq === undefined;
  if (type !== "reactor_events" || !Array.isArray(events) || events.length === 0) return false;
  return events.every((event) => event.seq === undefined) && String(cursor).endsWith(`.${after}`);
}
