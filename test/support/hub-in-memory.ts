// A broker over a log in memory, with recording sockets: the hub without the platform.
import { deflateRawSync } from "node:zlib";
import type { Rights } from "../../src/core/access/rights.ts";
import { Broker } from "../../src/core/broker.ts";
import type { ClockTime } from "../../src/core/clock.ts";
import type { Subscriber } from "../../src/core/fanout/subscriber.ts";
import type { EventLog } from "../../src/core/log/event-log.ts";
import { MemoryLog } from "../../src/core/log/memory-log.ts";
import type { Receipt } from "../../src/core/log/receipt.ts";
import type { Retention } from "../../src/core/log/retention.ts";
import type { Attaching } from "../../src/core/session/attaching.ts";
import type { Limits } from "../../src/core/session/rate-limit.ts";
import type { Draft } from "../../src/wire/draft.ts";
import { err, type Result } from "../../src/wire/problem.ts";
import { draftOf, draftsOf } from "./drafts.ts";
import { RecordingSocket } from "./recording-socket.ts";
import { StoreInMemory } from "./store-in-memory.ts";

export const AT: ClockTime = { ms: 1_000, iso: "2026-11-21T12:00:00.000Z" };

const PLAIN: Attaching = {
  clientId: "c1",
  dialect: "v1",
  channel: "main",
  asked: null,
  allowed: null,
  cursor: null,
  last: null,
  sub: null,
  emit: [],
  expiresMs: null,
  address: null,
};

const LIMITS: Limits = { messagesPerSecond: 1_000, socketsPerChannel: 1_000, socketsPerAddress: 1_000 };

interface HubOptions {
  readonly announces?: boolean;
  readonly limits?: Partial<Limits>;
  /** What a flush costs, in ms; without it there is no pause, since tests have few sockets. */
  readonly costOf?: (touched: number) => number;
  readonly framesPerTurn?: number;
  /** In ms; 0, the default: none. */
  readonly heartbeatMs?: number;
  readonly retention?: Partial<Retention>;
  /** When a commit is durable; by default at once. */
  readonly durable?: () => Promise<void>;
}

export class HubInMemory {
  readonly log: EventLog;
  broker: Broker<RecordingSocket>;
  /** The time of the alarm, as in storage. */
  alarmMs: number | null = null;
  /** How many of the next alarm calls storage refuses. */
  alarmFailures = 0;
  /** Each socket's attachment. */
  readonly attachments = new Map<RecordingSocket, Subscriber>();
  /** The errors of listeners and broadcasts. */
  readonly reports: { readonly what: string; readonly error: unknown }[] = [];
  /** Why the object was to be ended. */
  readonly restarts: string[] = [];
  /** The current time. */
  at = AT;
  /** How many epochs were created. */
  births = 0;
  /** The time of each socket's last answered ping. */
  readonly pings = new Map<RecordingSocket, number>();
  readonly #options: HubOptions;
  /** The result of authenticating each token. */
  readonly tokens = new Map<string, Result<Rights>>();
  /** What is kept beside the log. */
  readonly values = new StoreInMemory();
  #timers: { readonly atMs: number; readonly act: () => void }[] = [];

  constructor(log: EventLog = new MemoryLog(), options: HubOptions = {}) {
    this.log = log;
    this.#options = options;
    this.broker = this.#wake();
  }

  /** @param drafts the drafts, or their number */
  emit(drafts: readonly Draft[] | number = 1, type?: string): Receipt {
    const receipt = this.commit(typeof drafts === "number" ? draftsOf(drafts, type) : drafts);
    if (!receipt.ok) throw new Error(receipt.problem.detail);
    return receipt.value;
  }

  /** One batch, in this turn. */
  commit(drafts: readonly Draft[]): Result<Receipt> {
    const [committed] = this.broker.commit([{ drafts, cause: null }]);
    if (!committed) throw new Error("One batch has one result.");
    return committed.receipt;
  }

  join(part: Partial<Attaching> = {}): RecordingSocket {
    const socket = new RecordingSocket();
    this.broker.attach(socket, { ...PLAIN, ...part });
    return socket;
  }

  /** Sends `message` from the client of `socket`: as JSON unless it is text. */
  send(socket: RecordingSocket, message: unknown): void {
    this.broker.hear(socket, typeof message === "string" ? message : JSON.stringify(message));
  }

  ack(socket: RecordingSocket, cursor: string): void {
    this.send(socket, { type: "ack", data: { cursor } });
  }

  /** @param code with which its client has closed it */
  leave(socket: RecordingSocket, code = 1000): void {
    this.broker.subscribers.leave(socket, code);
    this.attachments.delete(socket);
  }

  /** Advances the time, and runs the timers that are due. */
  pass(ms: number): void {
    const untilMs = this.at.ms + ms;
    for (;;) {
      const [next] = this.#timers.sort((a, b) => a.atMs - b.atMs);
      if (!next || next.atMs > untilMs) break;
      this.#timers.shift();
      this.at = { ...this.at, ms: next.atMs };
      next.act();
    }
    this.at = { ...this.at, ms: untilMs };
  }

  /** Runs the next timer, if there is one. @returns whether there was */
  turn(): boolean {
    const [next] = this.#timers.sort((a, b) => a.atMs - b.atMs);
    if (next) this.pass(Math.max(next.atMs - this.at.ms, 0));
    return next !== undefined;
  }

  /** Runs all timers, then evicts the hub from memory; the log, the sockets and their attachments stay. */
  evict(): void {
    while (this.#timers.length > 0) this.pass(50);
    this.broker = this.#wake();
    for (const [socket, subscriber] of this.attachments)
      if (!socket.closed) this.broker.subscribers.restore(socket, subscriber);
    this.broker.woke();
  }

  /** Fires the alarm, if it is set: at its time, or late. */
  ring(): void {
    const scheduledMs = this.alarmMs;
    if (scheduledMs === null) return;
    this.alarmMs = null;
    if (this.at.ms < scheduledMs) this.pass(scheduledMs - this.at.ms);
    this.broker.maintenance.ring(scheduledMs);
  }

  async #alarm<T>(act: () => T): Promise<T> {
    await null; // as storage, which never answers in the same turn
    if (this.alarmFailures > 0) {
      this.alarmFailures -= 1;
      throw new Error("The storage cannot do that now.");
    }
    return act();
  }

  #wake(): Broker<RecordingSocket> {
    const settings = {
      enabled: true,
      announces: this.#options.announces ?? false,
      heartbeatMs: this.#options.heartbeatMs ?? 0,
      retention: {
        ...{ maxEvents: 100_000, maxAgeMs: 72 * 3_600_000, maxBytes: 256 * 1024 * 1024 },
        ...this.#options.retention,
      },
    };
    return new Broker(this.log, settings, {
      now: () => this.at,
      freshEpoch: () => {
        this.births += 1;
        return "abc";
      },
      // A copy, as an attachment is.
      keep: (socket, subscriber) => this.attachments.set(socket, structuredClone(subscriber)),
      forget: (socket) => this.attachments.delete(socket),
      pingMs: (socket) => this.pings.get(socket) ?? null,
      later: (ms, act) => this.#timers.push({ atMs: this.at.ms + ms, act }),
      soon: (act) => this.#timers.push({ atMs: this.at.ms, act }),
      after: (ms, act) => {
        const timer = { atMs: this.at.ms + ms, act };
        this.#timers.push(timer);
        return () => {
          this.#timers = this.#timers.filter((other) => other !== timer);
        };
      },
      report: (what, error) => this.reports.push({ what, error }),
      keepAwake: () => {},
      authenticate: async (token) => this.tokens.get(token) ?? err("unauthorized", "That is no token."),
      limits: { ...LIMITS, ...this.#options.limits },
      values: this.values,
      getAlarm: () => this.#alarm(() => this.alarmMs),
      setAlarm: (atMs) =>
        this.#alarm(() => {
          this.alarmMs = atMs;
        }),
      costOf: this.#options.costOf,
      framesPerTurn: this.#options.framesPerTurn,
      deflate: (text) => deflateRawSync(text, { level: 1 }),
      durable: this.#options.durable ?? (async () => {}),
      restart: (reason) => void this.restarts.push(reason),
    });
  }
}

/** Once all promises are settled that wait for nothing else: emits of clients and listeners are committed then. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A hub whose log has `events` events of about 5 kB, six to a page. */
export function hubWith(events: number): HubInMemory {
  const hub = new HubInMemory();
  for (let n = 0; n < events; n++) hub.emit([draftOf({ type: "a", data: "x".repeat(5_000) })]);
  return hub;
}
