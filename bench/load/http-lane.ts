// Posts over HTTP/1.1: to Reactor, to the controls and to nchan.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { EmitBody } from "./event-body.ts";
import { ANSWER_WITHIN_MS, type Lane } from "./lane.ts";
import { type Stampable, stampable, writeStamps } from "./stamp.ts";

/** The key that the servers of a bench accept; the controls check none. */
export const API_KEY = "bench";

/** nchan answers 201, or 202 while it has no subscriber. */
const ACCEPTED = /^http\/1\.1 20[012] /;

function requestOf({ text, contentType }: EmitBody, path: string): string {
  const length = Buffer.byteLength(text);
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${API_KEY}\r\nContent-Type: ${contentType}\r\nContent-Length: ${length}\r\n\r\n${text}`;
}

export class HttpLane implements Lane {
  readonly #port: number;
  readonly #requests: readonly Stampable[];
  #socket: Socket | null = null;
  #answer = "";
  #settle: { resolve(): void; reject(error: Error): void } | null = null;

  constructor(port: number, bodies: readonly EmitBody[], path: string) {
    this.#port = port;
    this.#requests = bodies.map((body) => stampable(Buffer.from(requestOf(body, path))));
  }

  get isOpen(): boolean {
    return this.#socket?.writable === true;
  }

  async open(): Promise<void> {
    this.close();
    const socket = connect({ host: "127.0.0.1", port: this.#port, noDelay: true });
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.setTimeout(ANSWER_WITHIN_MS, () => this.#break("an emit was not answered"));
    socket.on("data", (text) => this.#read(String(text)));
    await once(socket, "connect");
    socket.on("error", (error) => this.#break(error.message));
    socket.on("close", () => socket === this.#socket && this.#break("the server closed a publisher's connection"));
  }

  post(number: number, stampUs: number): Promise<void> {
    const request = this.#requests[number % this.#requests.length];
    if (!request) throw new Error("an emitter has a request");
    writeStamps(request, stampUs);
    return new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
      if (!this.#socket?.writable) return this.#break("a publisher's connection is closed");
      this.#socket.write(request.bytes);
    });
  }

  close(): void {
    this.#settle = null;
    this.#socket?.destroy();
    this.#socket = null;
  }

  #break(why: string): void {
    this.#settle?.reject(new Error(why));
    this.#settle = null;
  }

  #read(text: string): void {
    this.#answer += text;
    const headEnd = this.#answer.indexOf("\r\n\r\n");
    if (headEnd === -1) return;
    const head = this.#answer.slice(0, headEnd).toLowerCase();
    const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
    const isWhole = length
      ? this.#answer.length >= headEnd + 4 + Number(length)
      : this.#answer.endsWith("\r\n0\r\n\r\n");
    if (!isWhole) return;
    const settle = this.#settle;
    this.#settle = null;
    if (ACCEPTED.test(head)) settle?.resolve();
    else settle?.reject(new Error(`an emit was answered ${this.#answer.slice(0, 400)}`));
    this.#answer = "";
  }
}
