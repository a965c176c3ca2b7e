// One channel of a hub in memory: the broker of the real hub over a log in memory. Its log outlives it, as storage does.
import type { Rights } from "../core/access/rights.ts";
import { Broker } from "../core/broker.ts";
import { closeFor } from "../core/fanout/closing.ts";
import type { Socket } from "../core/fanout/socket.ts";
import { MemoryLog } from "../core/log/memory-log.ts";
import type { Attaching } from "../core/session/attaching.ts";
import type { Result } from "../wire/problem.ts";
import type { TestClock } from "./test-clock.ts";
import type { TestSocket } from "./test-socket.ts";
import { TestValues } from "./test-values.ts";

/** As a hub has them by default. */
const LIMITS = { messagesPerSecond: 20, socketsPerChannel: 30_000, socketsPerAddress: Number.POSITIVE_INFINITY };
/** How a close is counted: what the page has said makes no difference here. */
const LEFT = 1000;

const MAX_AGE_MS = 72 * 3_600_000;
const MAX_BYTES = 256 * 1024 * 1024;

export interface TestChannelPorts {
  readonly clock: TestClock;
  readonly keepEvents: number;
  readonly heartbeatMs: number;
  freshEpoch(): string;
  authenticate(token: string, channel: string): Promise<Result<Rights>>;
}

/** What a client asks for, beside who it is. */
export type Joining = Omit<Attaching, "clientId" | "address">;

export class TestChannel {
  readonly #ports: TestChannelPorts;
  readonly #log = new MemoryLog();
  readonly #values = new TestValues();
  readonly #sockets = new Map<TestSocket, Socket>();
  readonly #cancels = new Set<() => void>();
  #broker: Broker<Socket>;
  #alarmMs: number | null = null;
  #cancelAlarm = () => {};
  #clients = 0;

  constructor(ports: TestChannelPorts) {
    this.#ports = ports;
    this.#broker = this.#wake();
  }

  get broker(): Broker<Socket> {
    return this.#broker;
  }

  get connections(): number {
    return this.#broker.subscribers.count;
  }

  /** The JSON of each event, oldest first. */
  *texts(): Iterable<string> {
    for (const { events } of this.#log.read(0, null)) for (const { event } of events) yield event;
  }

  join(socket: TestSocket, joining: Joining): void {
    const end = socket.hubEnd;
    socket.accept();
    const admitted = this.#broker.admit({ ...joining, address: null });
    if (!admitted.ok) {
      const code = admitted.problem.code === "unauthorized" ? "unauthorized" : "rate_limited";
      closeFor(end, joining.dialect, code, admitted.problem.detail);
      return;
    }
    this.#sockets.set(socket, end);
    this.#clients += 1;
    this.#broker.attach(end, { ...joining, clientId: `test-client-${this.#clients}`, address: null });
  }

  hear(socket: TestSocket, text: string): void {
    const end = this.#sockets.get(socket);
    if (end) this.#broker.hear(end, text);
  }

  leave(socket: TestSocket): void {
    const end = this.#sockets.get(socket);
    this.#sockets.delete(socket);
    if (end) this.#broker.subscribers.leave(end, LEFT);
  }

  drop(): void {
    for (const socket of [...this.#sockets.keys()]) socket.lose();
  }

  /** Memory is gone, and the sockets with it. */
  restart(): void {
    this.drop();
    this.#cancelAlarm();
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#broker = this.#wake();
    if (this.#alarmMs !== null) this.#setAlarm(this.#alarmMs);
  }

  #wake(): Broker<Socket> {
    const { clock, keepEvents, heartbeatMs, authenticate, freshEpoch } = this.#ports;
    const after = (ms: number, run: () => void) => this.#after(ms, run);
    const settings = {
      enabled: true,
      announces: false,
      heartbeatMs,
      retention: { maxEvents: keepEvents, maxAgeMs: MAX_AGE_MS, maxBytes: MAX_BYTES },
    };
    const broker = new Broker<Socket>(this.#log, settings, {
      now: () => ({ ms: clock.nowMs, iso: new Date(clock.nowMs).toISOString() }),
      freshEpoch,
      keep: () => {}, // no socket outlives this memory
      forget: () => {},
      pingMs: (end) => [...this.#sockets].find(([, other]) => other === end)?.[0].pingMs ?? null,
      later: (ms, act) => void after(ms, act),
      soon: (act) => void after(0, act),
      deflate: () => {
        throw new Error("A test hub sends text: no socket of it says that it can inflate.");
      },
      after,
      report: (what, error) => console.error(`${what} failed in the test hub.`, error),
      keepAwake: () => {},
      authenticate: (token, channel) => clock.awaits(authenticate(token, channel)),
      limits: LIMITS,
      values: this.#values,
      getAlarm: async () => this.#alarmMs,
      setAlarm: async (atMs) => this.#setAlarm(atMs),
      durable: async () => {},
      restart: (reason) => {
        throw new Error(`A test hub has its log for itself: ${reason}`);
      },
    });
    broker.woke();
    return broker;
  }

  /** A timer that ends with this memory. */
  #after(ms: number, run: () => void): () => void {
    const cancel = this.#ports.clock.after(ms, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
    return cancel;
  }

  #setAlarm(atMs: number): void {
    this.#cancelAlarm();
    this.#alarmMs = atMs;
    const { clock } = this.#ports;
    this.#cancelAlarm = clock.after(Math.max(0, atMs - clock.nowMs), () => {
      this.#alarmMs = null;
      this.#broker.maintenance.ring(atMs);
    });
  }
}
