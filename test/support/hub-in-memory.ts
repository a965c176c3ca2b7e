// A hub's mind over a log in memory, with sockets that remember: what hub/hub is, without the platform.

import type { Rights } from "../../src/core/access/rights.ts";
import { Broker } from "../../src/core/broker.ts";
import type { ClockTime } from "../../src/core/clock.ts";
import type { Subscriber } from "../../src/core/fanout/subscriber.ts";
import { MemoryLog } from "../../src/core/log/memory-log.ts";
import type { Receipt } from "../../src/core/log/receipt.ts";
import type { Attaching } from "../../src/core/session/attaching.ts";
import type { Limits } from "../../src/core/session/rate-limit.ts";
import type { Draft } from "../../src/wire/draft.ts";
import { err, type Result } from "../../src/wire/problem.ts";
import { draftOf, draftsOf } from "./drafts.ts";
import { RecordingSocket } from "./recording-socket.ts";

export const AT: ClockTime = { ms: 1_000, iso: "2026-11-21T12:00:00.000Z" };

const PLAIN: Attaching = {
  clientId: "c1",
  dialect: "v1",
  channel: "main",
  asked: null,
  allowed: null,
  cursor: null,
  sub: null,
  emit: [],
  expiresMs: null,
  address: null,
};

const LIMITS: Limits = { messagesPerSecond: 1_000, socketsPerChannel: 1_000, socketsPerAddress: 1_000 };

interface HubOptions {
  readonly announces?: boolean;
  readonly limits?: Partial<Limits>;
  /** In ms; as few sockets as tests have, there is no pause unless they ask for one. */
  readonly pauseAfter?: (touched: number) => number;
  /** In ms; 0, the default: none. */
  readonly heartbeatMs?: number;
}

export class HubInMemory {
  readonly log: MemoryLog;
  broker: Broker<RecordingSocket>;
  /** When the alarm is set for: what storage knows. */
  alarmMs: number | null = null;
  /** How often storage refuses the next calls that concern the alarm. */
  alarmFailures = 0;
  /** What stands in each socket's attachment. */
  readonly attachments = new Map<RecordingSocket, Subscriber>();
  /** What listeners and broadcasts threw. */
  readonly reports: { readonly what: string; readonly error: unknown }[] = [];
  /** What time it is. */
  at = AT;
  /** Epochs that were asked for. */
  births = 0;
  /** When a socket's last ping was answered. */
  readonly pings = new Map<RecordingSocket, number>();
  readonly #options: HubOptions;
  /** What comes of each token. */
  readonly tokens = new Map<string, Result<Rights>>();
  #timers: { readonly atMs: number; readonly act: () => void }[] = [];

  constructor(log = new MemoryLog(), options: HubOptions = {}) {
    this.log = log;
    this.#options = options;
    this.broker = this.#wake();
  }

  /** @param drafts or how many of a type */
  emit(drafts: readonly Draft[] | number = 1, type?: string): Receipt {
    const receipt = this.broker.emitBatch(typeof drafts === "number" ? draftsOf(drafts, type) : drafts);
    if (!receipt.ok) throw new Error(receipt.problem.detail);
    return receipt.value;
  }

  join(part: Partial<Attaching> = {}): RecordingSocket {
    const socket = new RecordingSocket();
    this.broker.attach(socket, { ...PLAIN, ...part });
    return socket;
  }

  /** Says `message` for `socket`: JSON unless it is text already. */
  say(socket: RecordingSocket, message: unknown): void {
    this.broker.hear(socket, typeof message === "string" ? message : JSON.stringify(message));
  }

  ack(socket: RecordingSocket, cursor: string): void {
    this.say(socket, { type: "ack", data: { cursor } });
  }

  leave(socket: RecordingSocket): void {
    this.broker.subscribers.leave(socket);
    this.attachments.delete(socket);
  }

  /** Time goes by, and what was to be done later is done. */
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

  /** Memory goes, once nothing waits to be done later; the log, the sockets and their attachments stay. */
  evict(): void {
    while (this.#timers.length > 0) this.pass(50);
    this.broker = this.#wake();
    for (const [socket, subscriber] of this.attachments)
      if (!socket.closed) this.broker.subscribers.restore(socket, subscriber);
    this.broker.woke();
  }

  /** The alarm rings, if it is set: at its time, or late. */
  ring(): void {
    const scheduledMs = this.alarmMs;
    if (scheduledMs === null) return;
    this.alarmMs = null;
    if (this.at.ms < scheduledMs) this.pass(scheduledMs - this.at.ms);
    this.broker.maintenance.ring(scheduledMs);
  }

  async #alarm<T>(act: () => T): Promise<T> {
    await null; // as storage does, which never answers in the turn that asks
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
      retention: { maxEvents: 100_000, maxAgeMs: 72 * 3_600_000, maxBytes: 256 * 1024 * 1024 },
    };
    return new Broker(this.log, settings, {
      now: () => this.at,
      freshEpoch: () => {
        this.births += 1;
        return "abc";
      },
      // As an attachment is: a copy, that nobody changes behind the socket's back.
      keep: (socket, subscriber) => this.attachments.set(socket, structuredClone(subscriber)),
      pingMs: (socket) => this.pings.get(socket) ?? null,
      later: (ms, act) => this.#timers.push({ atMs: this.at.ms + ms, act }),
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
      getAlarm: () => this.#alarm(() => this.alarmMs),
      setAlarm: (atMs) =>
        this.#alarm(() => {
          this.alarmMs = atMs;
        }),
      pauseAfter: this.#options.pauseAfter,
    });
  }
}

/** A hub whose log has `events` events of about 10 kB, six to a page. */
export function hubWith(events: number): HubInMemory {
  const hub = new HubInMemory();
  for (let n = 0; n < events; n++) hub.emit([draftOf({ type: "a", data: "x".repeat(10_000) })]);
  return hub;
}
