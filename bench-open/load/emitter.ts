// The publishers: POSTs over a few connections that stay open, one at a time on each, with bodies that are made beforehand.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { nowUs } from "./clock.ts";
import type { EmitBody } from "./event-body.ts";
import { Latencies } from "./latencies.ts";
import { stampOffsets, writeStamps } from "./stamp.ts";

export interface EmitterOptions {
  readonly port: number;
  /** Several are posted in turns. */
  readonly bodies: readonly EmitBody[];
  /** How many POSTs are in flight at a time. */
  readonly atATime: number;
  readonly path?: string;
}

export interface Emitted {
  readonly requests: number;
  readonly events: number;
  readonly firstUs: number;
  /** When the last answer came. */
  readonly lastUs: number;
  /** Time from the emit to its answer. */
  readonly answers: Latencies;
}

const ANSWER_WITHIN_MS = 30_000;

/** The key that the servers of a bench accept; the controls check none. */
export const API_KEY = "bench";

export class Emitter {
  readonly #lanes: Lane[];
  readonly #events: number;
  #next = 0;

  constructor({ port, bodies, atATime, path = "/api/events" }: EmitterOptions) {
    const requests = bodies.map(({ text, contentType }) => {
      const length = Buffer.byteLength(text);
      return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${API_KEY}\r\nContent-Type: ${contentType}\r\nContent-Length: ${length}\r\n\r\n${text}`;
    });
    this.#lanes = Array.from({ length: atATime }, () => new Lane(port, requests));
    this.#events = bodies[0]?.events ?? 0;
  }

  /** Each connection posts again as soon as it is answered, until `seconds` have passed or `requests` were sent. */
  async run(until: { readonly seconds?: number; readonly requests?: number }): Promise<Emitted> {
    const { seconds = Number.POSITIVE_INFINITY, requests = Number.POSITIVE_INFINITY } = until;
    const answers = new Latencies();
    await this.#open();
    const firstUs = nowUs();
    const endUs = firstUs + seconds * 1e6;
    let sent = 0;
    const drive = async (lane: Lane) => {
      while (sent < requests && nowUs() < endUs) {
        sent += 1;
        answers.add(await lane.post(this.#next++));
      }
    };
    await Promise.all(this.#lanes.map(drive));
    return { requests: sent, events: sent * this.#events, firstUs, lastUs: nowUs(), answers };
  }

  /** Posts `perSecond` times per second for `seconds`, however slow the answers are; a late POST is sent at once. */
  async runPaced(perSecond: number, seconds: number): Promise<Emitted> {
    const answers = new Latencies();
    await this.#open();
    const firstUs = nowUs();
    const total = Math.round(perSecond * seconds);
    let sent = 0;
    const drive = async (lane: Lane) => {
      while (sent < total) {
        const dueUs = firstUs + (sent++ / perSecond) * 1e6;
        const waitMs = (dueUs - nowUs()) / 1e3;
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
        answers.add(await lane.post(this.#next++, dueUs));
      }
    };
    await Promise.all(this.#lanes.map(drive));
    return { requests: total, events: total * this.#events, firstUs, lastUs: nowUs(), answers };
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }

  /** New connections for each run: servers close those that are idle for 5 s. */
  async #open(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.open()));
  }
}

/** One connection: a request, its answer, the next one. */
class Lane {
  readonly #port: number;
  readonly #requests: readonly { readonly bytes: Buffer; readonly stampOffsets: readonly number[] }[];
  #socket: Socket | null = null;
  #answer = "";
  #settle: { resolve(): void; reject(error: Error): void } | null = null;

  constructor(port: number, requests: readonly string[]) {
    this.#port = port;
    this.#requests = requests.map((text) => {
      const bytes = Buffer.from(text);
      return { bytes, stampOffsets: stampOffsets(bytes) };
    });
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

  /** @param number of the request, which repeat themselves @returns microseconds until the whole answer had arrived @throws an Error if it is not 200 */
  async post(number: number, startUs = nowUs()): Promise<number> {
    const request = this.#requests[number % this.#requests.length];
    if (!request) throw new Error("an emitter has a request");
    writeStamps(request.bytes, request.stampOffsets, startUs);
    await new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
      if (!this.#socket?.writable) return this.#break("a publisher's connection is closed");
      this.#socket.write(request.bytes);
    });
    return nowUs() - startUs;
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
    if (head.startsWith("http/1.1 200 ")) settle?.resolve();
    else settle?.reject(new Error(`an emit was answered ${this.#answer.slice(0, 400)}`));
    this.#answer = "";
  }
}
