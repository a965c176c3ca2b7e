// Publishes to a NATS server over TCP, in its own protocol.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { EmitBody } from "./event-body.ts";
import { ANSWER_WITHIN_MS, type Lane } from "./lane.ts";
import { NatsReader } from "./nats-reader.ts";
import { type Stampable, stampable, writeStamps } from "./stamp.ts";

/** Where events are published, and what subscribers subscribe to. */
export const SUBJECT = "bench";

export const NATS_CONNECT = 'CONNECT {"verbose":false,"pedantic":false,"echo":false}\r\n';

let inboxes = 0;

/** @param reply where a stream's answer goes */
function publication(subject: string, reply: string | null, text: string): Buffer {
  const to = reply === null ? subject : `${subject} ${reply}`;
  return Buffer.from(`PUB ${to} ${Buffer.byteLength(text)}\r\n${text}\r\n${reply === null ? "PING\r\n" : ""}`);
}

/** @throws an Error if the stream did not store it */
export function checkAck(text: string): void {
  const { error } = JSON.parse(text) as { error?: { description: string } };
  if (error) throw new Error(`JetStream answered: ${error.description}`);
}

export class NatsLane implements Lane {
  readonly #port: number;
  readonly #inbox: string | null;
  readonly #requests: readonly Stampable[];
  #socket: Socket | null = null;
  #settle: { resolve(): void; reject(error: Error): void } | null = null;

  /** @param isStored whether the subject is that of a stream, whose answer a post awaits; else that to a PING behind it */
  constructor(port: number, bodies: readonly EmitBody[], isStored: boolean, subject = SUBJECT) {
    this.#port = port;
    this.#inbox = isStored ? `_INBOX.${process.pid}.${inboxes++}` : null;
    this.#requests = bodies.map(({ text }) => stampable(publication(subject, this.#inbox, text)));
  }

  get isOpen(): boolean {
    return this.#socket?.writable === true;
  }

  async open(): Promise<void> {
    this.close();
    const socket = connect({ host: "127.0.0.1", port: this.#port, noDelay: true });
    this.#socket = socket;
    const reader = new NatsReader({
      message: (bytes, start, end) => this.#acknowledged(bytes.toString("utf8", start, end)),
      line: (text) => {
        if (text === "PING") socket.write("PONG\r\n");
        else if (text === "PONG" && (this.#inbox === null || !opened)) this.#resolve();
      },
    });
    let opened = false;
    socket.setTimeout(ANSWER_WITHIN_MS, () => this.#break(new Error("an emit was not answered")));
    socket.on("data", (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        this.#break(error as Error);
      }
    });
    await once(socket, "connect");
    socket.on("error", (error) => this.#break(error));
    socket.on("close", () => {
      if (socket === this.#socket) this.#break(new Error("the server closed a publisher's connection"));
    });
    await this.#ask(`${NATS_CONNECT}${this.#inbox === null ? "" : `SUB ${this.#inbox} 1\r\n`}PING\r\n`);
    opened = true;
  }

  post(number: number, stampUs: number): Promise<void> {
    const request = this.#requests[number % this.#requests.length];
    if (!request) throw new Error("an emitter has a request");
    writeStamps(request, stampUs);
    return this.#ask(request.bytes);
  }

  close(): void {
    this.#settle = null;
    this.#socket?.destroy();
    this.#socket = null;
  }

  #ask(what: string | Buffer): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
      if (!this.#socket?.writable) return this.#break(new Error("a publisher's connection is closed"));
      this.#socket.write(what);
    });
  }

  #acknowledged(text: string): void {
    checkAck(text);
    this.#resolve();
  }

  #resolve(): void {
    const settle = this.#settle;
    this.#settle = null;
    settle?.resolve();
  }

  #break(error: Error): void {
    this.#settle?.reject(error);
    this.#settle = null;
  }
}
