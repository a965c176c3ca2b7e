// One reader of a bench: a raw TCP socket that opens a WebSocket, counts the events that come, and follows the rules of
// a receiver (SPEC.md, R1 to R3, K6) as far as counting needs it.
import { connect, type Socket } from "node:net";
import { clientMessage, upgradeRequest } from "./client-message.ts";
import { nowUs } from "./clock.ts";
import { CLOSE, FrameReader, TEXT } from "./frame-reader.ts";
import type { Latencies } from "./latencies.ts";
import { readStamps } from "./stamp.ts";

/** `frames`: every event is a frame of its own, as the old dialect and the controls have it. */
export type Dialect = "v1" | "frames";

export interface ReaderOptions {
  readonly port: number;
  readonly path: string;
  readonly dialect: Dialect;
  /** Whether it hears every event of the log. Else each frame has to be searched for events. */
  readonly hearsAll: boolean;
  /** Whether each of its events is looked at, for its latency and to check the count. */
  readonly sampled: boolean;
}

/** What the readers of a group write their counts into. */
export interface Tally {
  delivered: number;
  frames: number;
  bytes: number;
  /** Frames that bring no event of the log: welcomes, answers, pongs, heartbeats. */
  others: number;
  lastUs: number;
  latencies: Latencies;
  fault(what: string): void;
  /** Something was counted. */
  counted(): void;
}

/** All readers of a thread read into the same memory: what is in it is done with when the next one reads. */
const INBOX = Buffer.allocUnsafeSlow(256 * 1024);

const EVENTS = Buffer.from('{"type":"reactor_events","after":');
const EVENT = Buffer.from('{"type":"bench');
const MORE = Buffer.from(',"more":true}');
const HEAD_END = Buffer.from("\r\n\r\n");

export class Reader {
  /** Events since the count was last set to 0. */
  count = 0;
  /** Its place in the log, and the epoch of that. */
  own = 0;
  epoch = "0";
  readonly #options: ReaderOptions;
  readonly #tally: Tally;
  readonly #socket: Socket;
  readonly #frames = new FrameReader((opcode, bytes, start, end) => this.#take(opcode, bytes, start, end));
  #head: Buffer | null = Buffer.alloc(0);
  #opened: (() => void) | null = null;
  #failed: ((error: Error) => void) | null = null;
  #nowUs = 0;
  #leaving = false;

  constructor(options: ReaderOptions, tally: Tally) {
    this.#options = options;
    this.#tally = tally;
    const onread = { buffer: INBOX, callback: (length: number) => this.#read(INBOX.subarray(0, length)) };
    this.#socket = connect({ host: "127.0.0.1", port: options.port, noDelay: true, onread });
    this.#socket.write(upgradeRequest(options.path, options.dialect === "v1" ? "reactor.v1" : null));
    this.#socket.on("error", (error) => this.#broke(error));
    this.#socket.on("close", () => this.#broke(new Error("the server ended the connection")));
  }

  /** Resolves once the server has let it in, and a Reactor has welcomed it. */
  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#opened = resolve;
      this.#failed = reject;
    });
  }

  say(message: Buffer): void {
    this.#socket.write(message);
  }

  /** Stops to read, until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Goes without a word. */
  leave(): void {
    this.#leaving = true;
    this.#socket.destroy();
  }

  #broke(error: Error): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#failed?.(error);
    this.#tally.fault(`a reader broke: ${error.message}`);
  }

  #read(chunk: Buffer): boolean {
    this.#nowUs = nowUs();
    this.#tally.bytes += chunk.length;
    try {
      if (this.#head) this.#readHead(this.#head, chunk);
      else this.#frames.push(chunk);
    } catch (error) {
      this.#tally.fault(String(error));
    }
    this.#tally.counted();
    return true;
  }

  #readHead(before: Buffer, chunk: Buffer): void {
    this.#head = Buffer.concat([before, chunk]);
    const end = this.#head.indexOf(HEAD_END);
    if (end === -1) return;
    const head = this.#head.toString("latin1", 0, end);
    if (!head.startsWith("HTTP/1.1 101 ")) throw new Error(`a reader was answered ${head.split("\r\n")[0]}`);
    if (/sec-websocket-extensions/i.test(head)) throw new Error("a server compresses, and was not asked to");
    const rest = Buffer.from(this.#head.subarray(end + HEAD_END.length));
    this.#head = null;
    if (!this.#options.path.startsWith("/ws/stream")) this.#opened?.(); // a control says nothing first
    this.#frames.push(rest);
  }

  #take(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === CLOSE) {
      this.#tally.fault(`a reader was closed with ${end - start >= 2 ? bytes.readUInt16BE(start) : "no code"}`);
    }
    if (opcode !== TEXT) return;
    if (this.#options.dialect === "v1" && startsWith(bytes, start, end, EVENTS)) this.#takeRange(bytes, start, end);
    else if (this.#options.dialect === "frames" && startsWith(bytes, start, end, EVENT)) {
      if (this.#options.sampled) this.#sample(bytes.subarray(start, end), 1);
      this.#add(1);
    } else this.#takeOther(bytes.toString("utf8", start, end));
  }

  /** `…"after":41,"cursor":"k3x9.44","events":[…` */
  #takeRange(bytes: Buffer, start: number, end: number): void {
    let at = start + EVENTS.length;
    const after = readNumber(bytes, at);
    at = bytes.indexOf('"cursor":"', at, "latin1") + 10;
    const dot = bytes.indexOf(".", at, "latin1");
    const seq = readNumber(bytes, dot + 1);
    if (after > this.own) throw new Error(`a gap: ${after} follows ${this.own}`);
    const fresh = Math.max(0, seq - this.own);
    const { hearsAll, sampled } = this.#options;
    if (sampled || !hearsAll) {
      const events = this.#sample(bytes.subarray(start, end), hearsAll ? fresh : Number.POSITIVE_INFINITY);
      if (hearsAll && (events < fresh || events > seq - after)) {
        throw new Error(`${events} events in a frame of (${after}, ${seq}] for a reader at ${this.own}`);
      }
      this.#add(hearsAll ? fresh : events);
    } else this.#add(fresh); // all of (own, seq] are in it, as each sampled reader sees
    this.own = Math.max(this.own, seq);
    this.epoch = bytes.toString("latin1", at, dot);
    if (startsWith(bytes, end - MORE.length, end, MORE)) {
      this.say(clientMessage(`{"type":"ack","data":{"cursor":"${this.epoch}.${seq}"}}`));
    }
  }

  /** Takes the latencies of the newest events of a frame, at most `fresh`. @returns how many events are in it */
  #sample(frame: Buffer, fresh: number): number {
    const stamps = readStamps(frame);
    const { latencies } = this.#tally;
    for (const us of stamps.slice(Math.max(0, stamps.length - fresh))) latencies.add(this.#nowUs - us);
    return stamps.length;
  }

  #add(events: number): void {
    this.count += events;
    this.#tally.delivered += events;
    this.#tally.frames += 1;
    if (events > 0) this.#tally.lastUs = this.#nowUs;
  }

  #takeOther(text: string): void {
    this.#tally.others += 1;
    if (text === "pong") return;
    const { type, data } = JSON.parse(text) as { type: string; data: { cursor?: string } };
    if (type === "reactor_connected" || type === "reactor_subscribed") {
      const [epoch = "0", seq = "0"] = (data.cursor ?? "").split(".");
      this.epoch = epoch;
      this.own = Number(seq);
      if (type === "reactor_connected") this.#opened?.();
    } else if (type !== "reactor_heartbeat") throw new Error(`a reader was told ${text.slice(0, 200)}`);
  }
}

function startsWith(bytes: Buffer, start: number, end: number, what: Buffer): boolean {
  return end - start >= what.length && bytes.compare(what, 0, what.length, start, start + what.length) === 0;
}

function readNumber(bytes: Buffer, from: number): number {
  let number = 0;
  for (let at = from; ; at++) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return number;
    number = number * 10 + digit;
  }
}
