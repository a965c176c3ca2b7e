// What the platform is to a hub, in a simulation: its memory goes and comes back, its sockets and its log stay. Witnesses look
// at all that is sent, and at each close, and note in `wrong` what may never be.

import type { Rights } from "../../src/core/access/rights.ts";
import { Broker } from "../../src/core/broker.ts";
import type { Socket } from "../../src/core/fanout/socket.ts";
import type { Subscriber } from "../../src/core/fanout/subscriber.ts";
import type { Draft } from "../../src/wire/draft.ts";
import { parseObject } from "../../src/wire/json.ts";
import type { Result } from "../../src/wire/problem.ts";
import type { ManualClock } from "../support/manual-ports.ts";
import { subscriberOf } from "../support/reader.ts";
import { Alarm } from "./alarm.ts";
import { FaultyLog } from "./faulty-log.ts";
import { DueAlarm } from "./judges/due-alarm.ts";
import { type Scene, SocketWitness } from "./judges/socket-witness.ts";
import type { Item, Link, LinkEnds } from "./link.ts";
import { TokenOffice } from "./token-office.ts";
import { UnrulyListeners } from "./unruly-listeners.ts";
import { Wakefulness } from "./wakefulness.ts";
import { WallClock } from "./wall-clock.ts";
import { type Asking, type HubStub, type Upgrade, WorkerDouble } from "./worker-double.ts";

/** Of one address: legacy pages share them. */
export const SOCKETS_PER_ADDRESS = 4;

const MAX_AGE_MS = 72 * 3_600_000;

/** An open socket, and what outlives the hub's memory of it. */
interface Connected {
  readonly link: Link;
  readonly witness: SocketWitness;
  subscriber: Subscriber;
}

/** How an operator has set up a hub. */
export interface HubSettings {
  readonly heartbeatMs: number;
  /** Between flushes, as where a hub has many sockets. */
  readonly pauseMs: number;
  readonly messagesPerSecond: number;
  /** Whether clients are sent who connects and disconnects. */
  readonly announces: boolean;
}

export class HubHost implements HubStub {
  readonly log = new FaultyLog();
  readonly wall: WallClock;
  readonly office: TokenOffice;
  readonly alarm: Alarm;
  readonly listeners: UnrulyListeners;
  readonly wrong: string[] = [];
  readonly reports: unknown[] = [];
  /** The code of each close by the hub. */
  readonly closes: number[] = [];
  readonly #clock: ManualClock;
  readonly #random: () => number;
  readonly #settings: HubSettings;
  readonly #worker: WorkerDouble;
  readonly #wakefulness: Wakefulness;
  readonly #scene: Scene;
  readonly #dueAlarm = new DueAlarm();
  readonly #sockets = new Map<Socket, Connected>();
  /** Who presented a token that is to be checked. */
  readonly #presenters = new Map<string, SocketWitness>();
  #arrivals: Upgrade[] = [];
  #opened = 0;
  #broker!: Broker<Socket>;
  isUp = true;
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
    this.#worker = new WorkerDouble(clock, random, this.wall, this.office, this);
    this.#wakefulness = new Wakefulness(clock);
    this.#scene = {
      log: this.log,
      messagesPerSecond: settings.messagesPerSecond,
      nowMs: () => this.wall.nowMs,
      dueMs: () => Math.max(this.wall.nowMs, this.#ringingMs),
      turnMs: () => clock.nowMs,
      accuse: (what) => this.wrong.push(what),
    };
    this.alarm.onFailure = () => this.#dueAlarm.refused(clock.nowMs);
    this.wall.onJump((isBack) => isBack && this.#dueAlarm.clockSetBack());
    this.#wake();
  }

  /** How many the hub takes for connected. */
  get connected(): number {
    return this.#broker.subscribers.count;
  }

  get links(): readonly Link[] {
    return [...this.#sockets.values()].map(({ link }) => link);
  }

  countFrom(address: string): number {
    return this.#broker.subscribers.countFrom(address);
  }

  emit(drafts: readonly Draft[]): ReturnType<Broker<Socket>["emitBatch"]> | undefined {
    if (!this.isUp) return undefined;
    this.#settleArrivals();
    const head = this.log.cursor.seq;
    const emitted = this.#broker.emitBatch(drafts);
    if (this.log.cursor.seq > head) this.#dueAlarm.looks();
    return emitted;
  }

  beat(): void {
    if (this.isUp) this.#broker.beat();
  }

  /** Events go, as far as `maxEvents` are kept. */
  letGo(maxEvents: number): void {
    if (!this.isUp) return;
    this.#broker.subscribers.fanout.progress(this.log.oldest + 2_000);
    this.log.trim({ maxEvents, maxAgeMs: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY }, 0);
  }

  progress(): void {
    if (this.isUp) this.#broker.subscribers.fanout.progress(this.log.cursor.seq);
  }

  /** Memory goes; the log and the sockets stay. */
  sleep(): void {
    if (this.isUp && this.#wakefulness.maySleep && this.#arrivals.length === 0) this.#wake();
  }

  /** The object is gone with its sockets, and back after a while: a deploy, or worse. */
  crash(downMs: number, turnsEpoch: boolean): void {
    this.isUp = false;
    this.#wakefulness.crashed();
    for (const { link } of [...this.#sockets.values(), ...this.#arrivals]) link.cut();
    this.#sockets.clear();
    this.#arrivals = [];
    if (turnsEpoch && this.log.bornMs !== null) this.log.turnEpoch(`e${++this.#epochs}`);
    this.#clock.after(downMs, () => {
      this.isUp = true;
      this.#wake();
      if (this.#overdueMs !== null) this.#ring(this.#overdueMs);
      this.#overdueMs = null;
    });
  }

  /** A client asks the Worker for a socket. */
  open(asking: Asking): Link {
    return this.#worker.open(asking);
  }

  endsOf(link: Link): LinkEnds {
    return {
      toHub: (item) => this.#hear(link, item),
      onSend: (text) => text !== "pong" && this.#sockets.get(link.hubEnd)?.witness.sent(text),
      onClose: (code) => {
        this.#sockets.get(link.hubEnd)?.witness.closed(code);
        this.closes.push(code);
      },
    };
  }

  /** As `hub/hub` does with what the Worker has let in: it is welcomed with those that came meanwhile. */
  upgrade(upgrade: Upgrade): void {
    const { address, link } = upgrade;
    if (address !== null) this.#settleArrivals(); // limits count exactly
    const admitted = this.#broker.admit({ address });
    const there = [...this.#sockets.values()].filter((each) => each.subscriber.address === address && isOpen(each));
    if (address !== null && admitted.ok !== there.length < SOCKETS_PER_ADDRESS) {
      this.wrong.push(
        `${address} has ${there.length} sockets, and one more was ${admitted.ok ? "admitted" : "refused"}`,
      );
    }
    if (admitted.ok) this.#arrive(upgrade);
    else link.answer(4429);
  }

  #arrive(upgrade: Upgrade): void {
    if (this.#arrivals.length === 0) this.#wakefulness.later(this.#random() * 50, () => this.#settleArrivals());
    this.#arrivals.push(upgrade);
  }

  /** A turn is over, with all that hangs on promises alone. */
  turnEnded(): void {
    const open = [...this.#sockets.values()].filter(isOpen);
    for (const { witness } of open) witness.turnEnded();
    if (!this.isUp) return;
    const facts = {
      nowMs: this.wall.nowMs,
      heartbeatMs: this.#settings.heartbeatMs,
      socketsDueMs: open.map(({ witness }) => witness.dueMs),
      oldestMs: this.log.oldestMs,
      maxAgeMs: MAX_AGE_MS,
    };
    this.wrong.push(...this.#dueAlarm.turnEnded(this.alarm.atMs, this.#clock.nowMs, facts));
  }

  /** All who wait are welcomed in one turn, as `hub/pending-welcomes` does: before any other turn. */
  #settleArrivals(): void {
    const arrivals = this.#arrivals;
    this.#arrivals = [];
    for (const { link, cursor, rights, ...who } of arrivals) {
      const clientId = `client-${++this.#opened}`;
      const { hear: allowed, ...others } = rights;
      const subscriber = subscriberOf({ clientId, allowed, ...others, ...who });
      const witness = new SocketWitness(this.#scene, { clientId, cursor, rights, ...who }, link);
      this.#sockets.set(link.hubEnd, { link, witness, subscriber });
      this.#broker.attach(link.hubEnd, { ...subscriber, cursor });
      this.#dueAlarm.looks();
    }
  }

  #hear(link: Link, item: Item): void {
    const socket = link.hubEnd;
    this.#arrivals = this.#arrivals.filter((each) => each.link !== link || typeof item !== "number");
    const connected = this.#sockets.get(socket);
    if (!this.isUp || !connected) return;
    if (item === "ping") {
      connected.witness.pingMs = this.wall.nowMs; // the runtime answers, and wakes nobody
      socket.send("pong");
      return;
    }
    this.#settleArrivals();
    if (typeof item === "number") {
      this.#sockets.delete(socket);
      this.#broker.subscribers.leave(socket);
      link.answer(item);
    } else {
      if (isOpen(connected)) this.#note(connected.witness, item);
      this.#broker.hear(socket, item);
    }
  }

  #note(witness: SocketWitness, message: string | ArrayBuffer): void {
    witness.heard(message);
    const frame = typeof message === "string" ? parseObject(message) : undefined;
    const data = frame?.type === "auth" ? parseObject(JSON.stringify(frame.data)) : undefined;
    if (typeof data?.token === "string") this.#presenters.set(data.token, witness);
  }

  readonly #authenticate = async (token: string): Promise<Result<Rights>> => {
    const presenter = this.#presenters.get(token);
    const checked = await this.office.authenticate(token);
    presenter?.checked(checked);
    return checked;
  };

  #ring(scheduledMs: number): void {
    if (!this.isUp) {
      this.#overdueMs = scheduledMs;
      return;
    }
    this.#settleArrivals();
    this.#ringingMs = scheduledMs;
    this.#broker.maintenance.ring(scheduledMs);
    this.#ringingMs = Number.NEGATIVE_INFINITY;
    this.#dueAlarm.looks();
  }

  #wake(): void {
    const { wall, log } = this;
    const { heartbeatMs, pauseMs, messagesPerSecond, announces } = this.#settings;
    const retention = { maxEvents: 1e6, maxAgeMs: MAX_AGE_MS, maxBytes: 1e9 };
    const broker: Broker<Socket> = new Broker<Socket>(
      log,
      { enabled: true, announces, heartbeatMs, retention },
      {
        now: () => ({ ms: wall.nowMs, iso: "2026-11-21T12:00:00.000Z" }),
        freshEpoch: () => "abc",
        pingMs: (socket) => this.#sockets.get(socket)?.witness.pingMs ?? null,
        later: this.#wakefulness.later,
        after: this.#wakefulness.after,
        pauseAfter: () => pauseMs,
        authenticate: this.#authenticate,
        limits: { messagesPerSecond, socketsPerChannel: 1_000, socketsPerAddress: SOCKETS_PER_ADDRESS },
        keep: (socket, subscriber) => {
          const connected = this.#sockets.get(socket);
          if (connected) connected.subscriber = structuredClone(subscriber);
        },
        report: (_, error) => this.reports.push(error),
        keepAwake: this.#wakefulness.keepAwake,
        getAlarm: this.alarm.get,
        setAlarm: (atMs) => (this.#broker === broker ? this.alarm.set(atMs) : Promise.resolve()), // else it is gone
      },
    );
    this.#broker = broker;
    this.listeners.addTo(broker.bus);
    for (const [socket, connected] of this.#sockets) {
      connected.witness.forgotten();
      if (isOpen(connected)) broker.subscribers.restore(socket, connected.subscriber, log.flushedSeq);
    }
    broker.woke();
    this.#dueAlarm.looks();
  }
}

function isOpen({ link }: Connected): boolean {
  return link.closedWith === undefined;
}
