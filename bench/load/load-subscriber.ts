// One subscriber of a bench: a raw TCP socket that opens a WebSocket and counts the events that arrive. It follows the
// rules for clients (SPEC.md, R1 to R3, K6) as far as counting needs it.
import { connect, type Socket } from "node:net";
import { clientMessage, upgradeRequest } from "./client-message.ts";
import { nowUs } from "./clock.ts";
import { BINARY, CLOSE, FrameReader, TEXT } from "./frame-reader.ts";
import { inflateShared, MessageInflater } from "./inflate.ts";
import type { Latencies } from "./latencies.ts";
import { NATS_CONNECT, SUBJECT } from "./nats-lane.ts";
import { NatsReader } from "./nats-reader.ts";
import { readStamps } from "./stamp.ts";

/**
 * `frames`: one frame per event, as in the legacy dialect, of the controls and of nchan. `socket.io`: its protocol, version 5.
 * `nats`: that of NATS, within frames.
 */
export type Dialect = "v1" | "frames" | "socket.io" | "nats";

export interface LoadSubscriberOptions {
  readonly port: number;
  readonly path: string;
  readonly dialect: Dialect;
  /** Whether it connects as a browser: offers compression by the runtime and, in v1, by the hub. */
  readonly offers?: boolean;
  /** Whether it receives every event of the log. Otherwise each frame has to be searched for events. */
  readonly receivesAll: boolean;
  /** Whether each of its events is examined, for its latency and to check the count. */
  readonly sampled: boolean;
}

/** The counts of a group, to which its subscribers add. */
export interface Tally {
  delivered: number;
  frames: number;
  bytes: number;
  /** Frames without an event of the log: welcomes, answers, pongs, heartbeats. */
  others: number;
  lastUs: number;
  latencies: Latencies;
  fault(what: string): void;
  /** Called after each read: the counts may have changed. */
  counted(): void;
}

/** All subscribers of a thread read into the same buffer: its content is processed before the next one reads. */
const INBOX = Buffer.allocUnsafeSlow(256 * 1024);

const EVENTS = Buffer.from('{"type":"reactor_events","after":');
const EVENT = Buffer.from('{"type":"bench');
const SOCKET_IO_EVENT = Buffer.from('42["event",{"type":"bench');
const MORE = Buffer.from(',"more":true}');
const HEAD_END = Buffer.from("\r\n\r\n");

export class LoadSubscriber {
  /** Events since the count was last reset. */
  count = 0;
  /** The seq and the epoch of its cursor. */
  position = 0;
  epoch = "0";
  readonly #options: LoadSubscriberOptions;
  readonly #tally: Tally;
  readonly #socket: Socket;
  readonly #frames = new FrameReader((...frame) => this.#take(...frame));
  /** Where the server compresses each frame for each socket. */
  #inflater: MessageInflater | null = null;
  readonly #nats = new NatsReader({
    message: (bytes, start, end) => this.#takeNatsEvent(bytes, start, end),
    line: (text) => this.#takeNatsLine(text),
  });
  #head: Buffer | null = Buffer.alloc(0);
  #opened: (() => void) | null = null;
  #failed: ((error: Error) => void) | null = null;
  #nowUs = 0;
  #ended = false;

  constructor(options: LoadSubscriberOptions, tally: Tally) {
    this.#options = options;
    this.#tally = tally;
    const onread = { buffer: INBOX, callback: (length: number) => this.#read(INBOX.subarray(0, length)) };
    this.#socket = connect({ host: "127.0.0.1", port: options.port, noDelay: true, onread });
    const { path, dialect, offers = false } = options;
    const offered = offers ? ["reactor.v1.deflate", "reactor.v1"] : ["reactor.v1"];
    this.#socket.write(upgradeRequest(path, dialect === "v1" ? offered : [], offers));
    this.#socket.on("error", (error) => this.#fail(error));
    this.#socket.on("close", () => this.#fail(new Error("the server closed the connection")));
  }

  /** Resolves once the server has accepted the upgrade and, of a Reactor, the welcome has arrived. */
  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#opened = resolve;
      this.#failed = reject;
    });
  }

  send(message: Buffer): void {
    this.#socket.write(message);
  }

  /** Stops reading, until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Drops the connection, without a close frame. */
  disconnect(): void {
    this.#ended = true;
    this.#socket.destroy();
  }

  #fail(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failed?.(error);
    this.#tally.fault(`a connection failed: ${error.message}`);
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
    if (!head.startsWith("HTTP/1.1 101 ")) throw new Error(`a subscriber was answered ${head.split("\r\n")[0]}`);
    if (/sec-websocket-extensions/i.test(head)) this.#beginInflating();
    const rest = Buffer.from(this.#head.subarray(end + HEAD_END.length));
    this.#head = null;
    const { path, dialect } = this.#options;
    if (!path.startsWith("/ws/stream") && dialect !== "socket.io" && dialect !== "nats") this.#opened?.(); // a control sends no welcome
    this.#frames.push(rest);
  }

  #beginInflating(): void {
    if (!this.#options.offers) throw new Error("a server compresses without being asked to");
    this.#frames.isCompressing = true;
    this.#inflater = new MessageInflater();
  }

  #take(opcode: number, bytes: Buffer, start: number, end: number, isCompressed: boolean): void {
    const { dialect, sampled } = this.#options;
    if (isCompressed && dialect === "frames" && !sampled) {
      this.#add(1); // a frame an event: what is in it, the sampled ones check
      return;
    }
    if (isCompressed && this.#inflater) this.#takeMessage(opcode, this.#inflater.inflate(bytes.subarray(start, end)));
    else if (opcode === BINARY && dialect === "v1") this.#takeMessage(TEXT, inflateShared(bytes.subarray(start, end)));
    else this.#takeFrame(opcode, bytes, start, end);
  }

  #takeMessage(opcode: number, message: Buffer): void {
    this.#takeFrame(opcode, message, 0, message.length);
  }

  #takeFrame(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === CLOSE) {
      this.#tally.fault(`a subscriber was closed with ${end - start >= 2 ? bytes.readUInt16BE(start) : "no code"}`);
    }
    if (this.#options.dialect === "nats") {
      if (opcode === BINARY) this.#nats.push(bytes, start, end);
      return;
    }
    if (opcode !== TEXT) return;
    if (this.#options.dialect === "v1" && startsWith(bytes, start, end, EVENTS)) this.#takeRange(bytes, start, end);
    else if (this.#options.dialect === "frames" && startsWith(bytes, start, end, EVENT)) {
      if (this.#options.sampled) this.#sample(bytes.subarray(start, end), 1);
      this.#add(1);
    } else if (this.#options.dialect === "socket.io") this.#takeSocketIo(bytes, start, end);
    else this.#takeOther(bytes.toString("utf8", start, end));
  }

  /** Opens its namespace, answers its pings, and counts events. */
  #takeSocketIo(bytes: Buffer, start: number, end: number): void {
    if (startsWith(bytes, start, end, SOCKET_IO_EVENT)) {
      if (this.#options.sampled) this.#sample(bytes.subarray(start, end), 1);
      this.#add(1);
      return;
    }
    this.#tally.others += 1;
    const text = bytes.toString("utf8", start, end);
    if (text.startsWith("0")) this.send(clientMessage("40"));
    else if (text.startsWith("40")) this.#opened?.();
    else if (text === "2") this.send(clientMessage("3"));
    else throw new Error(`unexpected message: ${text.slice(0, 200)}`);
  }

  #takeNatsEvent(bytes: Buffer, start: number, end: number): void {
    if (this.#options.sampled) this.#sample(bytes.subarray(start, end), 1);
    this.#add(1);
  }

  /** Subscribes once the server has introduced itself; the answer to the ping behind that says that it has. */
  #takeNatsLine(text: string): void {
    this.#tally.others += 1;
    if (text.startsWith("INFO ")) this.send(clientMessage(`${NATS_CONNECT}SUB ${SUBJECT} 1\r\nPING\r\n`, BINARY));
    else if (text === "PING") this.send(clientMessage("PONG\r\n", BINARY));
    else if (text === "PONG") this.#opened?.();
  }

  /** `…"after":41,"cursor":"k3x9.44","events":[…` */
  #takeRange(bytes: Buffer, start: number, end: number): void {
    let at = start + EVENTS.length;
    const after = readNumber(bytes, at);
    at = bytes.indexOf('"cursor":"', at, "latin1") + 10;
    const dot = bytes.indexOf(".", at, "latin1");
    const seq = readNumber(bytes, dot + 1);
    if (after > this.position) throw new Error(`a gap: ${after} follows ${this.position}`);
    const fresh = Math.max(0, seq - this.position);
    const { receivesAll, sampled } = this.#options;
    if (sampled || !receivesAll) {
      const events = this.#sample(bytes.subarray(start, end), receivesAll ? fresh : Number.POSITIVE_INFINITY);
      if (receivesAll && (events < fresh || events > seq - after)) {
        throw new Error(`${events} events in a frame of (${after}, ${seq}] for a subscriber at ${this.position}`);
      }
      this.#add(receivesAll ? fresh : events);
    } else this.#add(fresh); // all of (position, seq] are in it, as the sampled subscribers check
    this.position = Math.max(this.position, seq);
    this.epoch = bytes.toString("latin1", at, dot);
    if (startsWith(bytes, end - MORE.length, end, MORE)) {
      this.send(clientMessage(`{"type":"ack","data":{"cursor":"${this.epoch}.${seq}"}}`));
    }
  }

  /** Records the latencies of the newest events of a frame, at most `fresh`. @returns how many events are in it */
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
      this.position = Number(seq);
      if (type === "reactor_connected") this.#opened?.();
    } else if (type !== "reactor_heartbeat") throw new Error(`unexpected message: ${text.slice(0, 200)}`);
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
