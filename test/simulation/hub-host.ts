// What the platform is to a hub, in a simulation: its memory goes and comes back, its sockets and its log stay. Judges look on,
// and note in `wrong` what may never be.
import { deflateRawSync } from "node:zlib";
import type { Rights } from "../../src/core/access/rights.ts";
import { Broker } from "../../src/core/broker.ts";
import type { Socket } from "../../src/core/fanout/socket.ts";
import type { Receipt } from "../../src/core/log/receipt.ts";
import type { Draft } from "../../src/wire/draft.ts";
import type { Result } from "../../src/wire/problem.ts";
import type { ManualClock } from "../support/manual-ports.ts";
import { StoreInMemory } from "../support/store-in-memory.ts";
import { Alarm } from "./alarm.ts";
import { FaultyLog } from "./faulty-log.ts";
import { HostSockets, SOCKETS_PER_ADDRESS } from "./host-sockets.ts";
import { DueAlarm } from "./judges/due-alarm.ts";
import type { Link } from "./link.ts";
import { TokenOffice } from "./token-office.ts";
import { UnrulyListeners } from "./unruly-listeners.ts";
import { Wakefulness } from "./wakefulness.ts";
import { WallClock } from "./wall-clock.ts";
import { type Asking, WorkerDouble } from "./worker-double.ts";

/** For so long at most a listener keeps the hub awake (B10). */
const MAX_WORK_MS = 30_000;

const MAX_AGE_MS = 72 * 3_600_000;

/** How an operator has set up a hub. */
export interface HubSettings {
  readonly heartbeatMs: number;
  /** Between flushes, as where a hub has many sockets. */
  readonly pauseMs: number;
  /** How many frames a turn sends: few, so that rounds have several turns. */
  readonly framesPerTurn: number;
  readonly messagesPerSecond: number;
  /** Whether clients are sent who connects and disconnects. */
  readonly announces: boolean;
}

export class HubHost {
  readonly log = new FaultyLog();
  readonly wall: WallClock;
  readonly office: TokenOffice;
  readonly alarm: Alarm;
  readonly listeners: UnrulyListeners;
  readonly sockets: HostSockets;
  readonly wrong: string[] = [];
  readonly reports: unknown[] = [];
  /** How many frames it has compressed. */
  deflated = 0;
  readonly #clock: ManualClock;
  readonly #random: () => number;
  readonly #settings: HubSettings;
  readonly #worker: WorkerDouble;
  readonly #wakefulness: Wakefulness;
  readonly #dueAlarm = new DueAlarm();
  /** What is kept beside the log. */
  readonly #values = new StoreInMemory();
  /** The tokens that are being checked. */
  #checks = new Set<string>();
  #broker!: Broker<Socket>;
  #isUp = true;
  #overdueMs: number | null = null;
  /** What the alarm that rings was set for. */
  #ringingMs = Number.NEGATIVE_INFINITY;
  #epochs = 0;

  constructor(clock: ManualClock, random: () => number, settings: HubSettings) {
    this.#clock = clock;
    this.#random = random;
    this.#settings = settings;
    this.wall = new WallClock(clock);
    this.office = new TokenOffice(clock, this.wall, random);
    this.alarm = new Alarm(clock, this.wall, random, (scheduledMs) => this.#ring(scheduledMs));
    this.listeners = new UnrulyListeners(clock, random);
    this.#wakefulness = new Wakefulness(clock);
    const scene = {
      log: this.log,
      messagesPerSecond: settings.messagesPerSecond,
      nowMs: () => this.wall.nowMs,
      dueMs: () => Math.max(this.wall.nowMs, this.#ringingMs),
      turnMs: () => clock.nowMs,
      accuse: (what: string) => this.#accuse(what),
    };
    this.sockets = new HostSockets({
      scene,
      isUp: () => this.#isUp,
      broker: () => this.#broker,
      soon: (act) => this.#wakefulness.later(random() * 50, act),
      attached: () => this.#dueAlarm.looks(),
    });
    this.#worker = new WorkerDouble(clock, random, this.wall, this.office, this.sockets);
    this.log.onAppend = () => this.#dueAlarm.looks();
    this.alarm.onFailure = () => this.#dueAlarm.refused(clock.nowMs);
    this.wall.onJump((isBack) => isBack && this.#dueAlarm.clockSetBack());
    this.#wake();
  }

  /** How many the hub takes for connected. */
  get connected(): number {
    return this.#broker.subscribers.count;
  }

  countFrom(address: string): number {
    return this.#broker.subscribers.countFrom(address);
  }

  /** A client asks the Worker for a socket. */
  open(asking: Asking): Link {
    return this.#worker.open(asking);
  }

  /** @returns the receipt; `undefined` where the hub is down, and never where it goes down before it has answered */
  async emit(drafts: readonly Draft[]): Promise<Result<Receipt> | undefined> {
    if (!this.#isUp) return undefined;
    this.sockets.welcome();
    return this.#wakefulness.unlessCrashed(this.#broker.emit(drafts));
  }

  beat(): void {
    if (this.#isUp) this.#broker.beat();
  }

  /** Events go, as far as `maxEvents` are kept. */
  letGo(maxEvents: number): void {
    if (!this.#isUp) return;
    this.#broker.subscribers.fanout.progress(this.log.oldest + 2_000);
    this.log.trim({ maxEvents, maxAgeMs: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY }, 0);
  }

  progress(): void {
    if (this.#isUp) this.#broker.subscribers.fanout.progress(this.log.cursor.seq);
  }

  /** Memory goes; the log and the sockets stay. */
  sleep(): void {
    if (!this.#isUp || !this.#wakefulness.maySleep || this.sockets.hasArrivals) return;
    if (this.listeners.isAtWork(MAX_WORK_MS)) this.#accuse("the hub fell asleep, and a listener was at work");
    if (this.#checks.size > 0) this.#accuse("the hub fell asleep, and a token was being checked");
    this.#wake();
  }

  /** The object is gone with its sockets, and back after a while: a deploy, or worse. */
  crash(downMs: number, turnsEpoch: boolean): void {
    this.#isUp = false;
    this.#wakefulness.crashed();
    this.listeners.crashed();
    this.#checks = new Set();
    this.sockets.cut();
    if (turnsEpoch && this.log.bornMs !== null) this.log.reopen(`e${++this.#epochs}`);
    this.#clock.after(downMs, () => {
      this.#isUp = true;
      this.#wake();
      if (this.#overdueMs !== null) this.#ring(this.#overdueMs);
      this.#overdueMs = null;
    });
  }

  /** A turn is over, with all that hangs on promises alone. */
  turnEnded(): void {
    const witnesses = this.sockets.open.map(([, { witness }]) => witness);
    for (const witness of witnesses) witness.turnEnded();
    if (!this.#isUp) return;
    if (this.#wakefulness.longestMs > MAX_WORK_MS)
      this.#accuse("the hub is kept awake for more than 30 s by one promise");
    const facts = {
      nowMs: this.wall.nowMs,
      heartbeatMs: this.#settings.heartbeatMs,
      socketsDueMs: witnesses.map(({ dueMs }) => dueMs),
      oldestMs: this.log.oldestPiece?.lastMs ?? null,
      maxAgeMs: MAX_AGE_MS,
    };
    const late = this.#dueAlarm.lateFor(this.alarm.atMs, this.#clock.nowMs, facts);
    if (late !== null) this.#accuse(late);
  }

  /** Once: what is wrong stays so for many turns. */
  #accuse(what: string): void {
    if (!this.wrong.includes(what)) this.wrong.push(what);
  }

  #report(what: string, error: unknown): void {
    this.reports.push(error);
    const times = /more than .* pending \((\d+) times?\)/.exec(String(error))?.[1];
    if (what.startsWith("A listener of")) this.listeners.endless -= Number(times ?? 0);
  }

  readonly #authenticate = async (token: string): Promise<Result<Rights>> => {
    const checks = this.#checks;
    checks.add(token);
    const result = await this.office.authenticate(token, this.sockets.endOf(token));
    checks.delete(token);
    this.sockets.checked(token, result);
    return result;
  };

  #ring(scheduledMs: number): void {
    if (!this.#isUp) {
      this.#overdueMs = scheduledMs;
      return;
    }
    this.sockets.welcome();
    this.#ringingMs = scheduledMs;
    this.#broker.maintenance.ring(scheduledMs);
    this.#ringingMs = Number.NEGATIVE_INFINITY;
    this.#dueAlarm.looks();
  }

  #wake(): void {
    const { wall, log, sockets } = this;
    log.reopen();
    const { heartbeatMs, pauseMs, messagesPerSecond, announces } = this.#settings;
    const retention = { maxEvents: 1e6, maxAgeMs: MAX_AGE_MS, maxBytes: 1e9 };
    const settings = { enabled: true, announces, heartbeatMs, retention };
    const broker: Broker<Socket> = new Broker<Socket>(log, settings, {
      now: () => ({ ms: wall.nowMs, iso: "2026-11-21T12:00:00.000Z" }),
      freshEpoch: () => "abc",
      pingMs: (socket) => sockets.pingMs(socket),
      later: this.#wakefulness.later,
      soon: (act) => this.#wakefulness.later(0, act),
      after: this.#wakefulness.after,
      costOf: () => pauseMs,
      framesPerTurn: this.#settings.framesPerTurn,
      deflate: (text) => {
        this.deflated += 1;
        return deflateRawSync(text, { level: 1 });
      },
      authenticate: this.#authenticate,
      limits: { messagesPerSecond, socketsPerChannel: 1_000, socketsPerAddress: SOCKETS_PER_ADDRESS },
      keep: (socket, subscriber) => sockets.keep(socket, subscriber),
      forget: () => {}, // a link that has ended restores nothing
      values: this.#values,
      report: (what, error) => this.#report(what, error),
      keepAwake: this.#wakefulness.keepAwake,
      durable: () => this.#wakefulness.turns(this.#random() * 5),
      restart: (reason) => {
        throw new Error(`The hub of a world has its storage for itself: ${reason}`);
      },
      getAlarm: this.alarm.get,
      setAlarm: (atMs) => (this.#broker === broker ? this.alarm.set(atMs) : Promise.resolve()), // else it is gone
    });
    this.#broker = broker;
    this.listeners.addTo(broker.bus);
    for (const [socket, { witness, subscriber }] of sockets.open) {
      witness.forgotten();
      broker.subscribers.restore(socket, subscriber, log.flushedSeq);
    }
    broker.woke();
    this.#dueAlarm.looks();
  }
}
