// What the platform is to a hub, in a simulation: its memory goes and comes back, its sockets and its log stay. It looks at
// all that is sent, and at each refusal, and notes in `wrong` what may never be.

import { matches } from "../../src/core/access/match.ts";
import type { Rights } from "../../src/core/access/rights.ts";
import { Broker } from "../../src/core/broker.ts";
import type { Socket } from "../../src/core/fanout/socket.ts";
import type { Dialect, Subscriber } from "../../src/core/fanout/subscriber.ts";
import { type Cursor, parseCursor } from "../../src/wire/cursor.ts";
import type { Draft } from "../../src/wire/draft.ts";
import type { ManualClock } from "../support/manual-ports.ts";
import { subscriberOf } from "../support/reader.ts";
import { Alarm } from "./alarm.ts";
import { FaultyLog } from "./faulty-log.ts";
import { Link } from "./link.ts";
import { TokenOffice } from "./token-office.ts";
import { UnrulyListeners } from "./unruly-listeners.ts";
import { WallClock } from "./wall-clock.ts";

/** Of one address: legacy pages share two. */
const SOCKETS_PER_ADDRESS = 4;

/** Of those who show no token. */
const ANYBODY: Pick<Rights, "sub" | "hear" | "emit" | "expiresMs"> = {
  sub: null,
  hear: null,
  emit: [],
  expiresMs: null,
};

/** An open socket, and what outlives the hub's memory of it. */
interface Connected {
  readonly link: Link;
  readonly cursor: Cursor | null;
  subscriber: Subscriber;
  pingMs: number | null;
}

export interface Asking {
  readonly url: string;
  readonly dialect: Dialect;
  readonly token?: string | undefined;
  readonly address?: string | null | undefined;
}

export class HubHost {
  readonly log = new FaultyLog();
  readonly wall: WallClock;
  readonly office: TokenOffice;
  readonly alarm: Alarm;
  readonly listeners: UnrulyListeners;
  readonly wrong: string[] = [];
  readonly reports: unknown[] = [];
  readonly #clock: ManualClock;
  readonly #random: () => number;
  readonly #heartbeatMs: number;
  /** Between flushes, as where a hub has many sockets. */
  readonly #pauseMs: number;
  readonly #sockets = new Map<Socket, Connected>();
  #arrivals: Connected[] = [];
  #opened = 0;
  #broker!: Broker<Socket>;
  isUp = true;
  #overdueMs: number | null = null;
  /** What the hub is to do later: while there is something, it does not sleep. */
  #putOff = 0;
  #life = 0;
  #epochs = 0;

  constructor(clock: ManualClock, random: () => number, heartbeatMs: number, pauseMs: number) {
    this.#clock = clock;
    this.#random = random;
    this.#heartbeatMs = heartbeatMs;
    this.#pauseMs = pauseMs;
    this.wall = new WallClock(clock);
    this.office = new TokenOffice(clock, this.wall, random);
    this.alarm = new Alarm(clock, this.wall, random, (scheduledMs) => this.#ring(scheduledMs));
    this.listeners = new UnrulyListeners(clock, random);
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
    return this.#broker.emitBatch(drafts);
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
    if (this.isUp && this.#putOff === 0 && this.#arrivals.length === 0) this.#wake();
  }

  /** The object is gone with its sockets, and back after a while: a deploy, or worse. */
  crash(downMs: number, turnsEpoch: boolean): void {
    this.isUp = false;
    this.#life += 1;
    this.#putOff = 0;
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

  /** An upgrade: the Worker checks what it shows, and the hub welcomes it with those who came meanwhile. */
  open({ url, dialect, token, address = null }: Asking): Link {
    const link: Link = new Link(this.#clock, this.#random, {
      toHub: (item) => this.#hear(link, item),
      onSend: (text) => this.#look(link, text),
      onClose: (code) => this.#lookAtClose(link, code),
    });
    const query = new URL(url).searchParams;
    this.#clock.after(this.#random() * 100, () => {
      if (!this.isUp) return link.cut();
      const checked = token === undefined ? { ok: true as const, value: ANYBODY } : this.office.check(token);
      if (!checked.ok) return link.hubEnd.close(4401, "");
      const { hear: allowed, ...rights } = checked.value;
      const asked = query.get("events")?.split(",") ?? null;
      const clientId = `client-${++this.#opened}`;
      const subscriber = subscriberOf({ clientId, asked, allowed, dialect, address, ...rights });
      this.#admit({ link, cursor: parseCursor(query.get("cursor")) ?? null, subscriber, pingMs: null });
    });
    return link;
  }

  #admit(connected: Connected): void {
    const { address } = connected.subscriber;
    if (address !== null) this.#settleArrivals(); // limits count exactly
    const admitted = this.#broker.admit({ address });
    if (!admitted.ok) {
      const there = [...this.#sockets.values()].filter(
        ({ subscriber, link }) => subscriber.address === address && link.closedWith === undefined,
      );
      if (there.length < SOCKETS_PER_ADDRESS) this.wrong.push(`${address} was refused with ${there.length} sockets`);
      connected.link.hubEnd.close(4429, "");
      return;
    }
    if (this.#arrivals.length === 0) this.#later(this.#random() * 50, () => this.#settleArrivals());
    this.#arrivals.push(connected);
  }

  /** All who wait are welcomed in one turn, as `hub/arrivals` does: before any other turn. */
  #settleArrivals(): void {
    const arrivals = this.#arrivals;
    this.#arrivals = [];
    for (const connected of arrivals) {
      const { link, cursor, subscriber } = connected;
      this.#sockets.set(link.hubEnd, connected);
      this.#broker.attach(link.hubEnd, { ...subscriber, cursor });
    }
  }

  #hear(link: Link, item: string | number): void {
    const socket = link.hubEnd;
    this.#arrivals = this.#arrivals.filter((each) => each.link !== link || typeof item === "string");
    const connected = this.#sockets.get(socket);
    if (!this.isUp || !connected) return;
    if (item === "ping") {
      connected.pingMs = this.wall.nowMs; // the runtime answers, and wakes nobody
      socket.send("pong");
      return;
    }
    this.#settleArrivals();
    if (typeof item === "string") this.#broker.hear(socket, item);
    else {
      this.#sockets.delete(socket);
      this.#broker.subscribers.leave(socket);
      socket.close(item, "");
    }
  }

  /** What a socket is sent must be within its rights of this moment. */
  #look(link: Link, text: string): void {
    const subscriber = this.#sockets.get(link.hubEnd)?.subscriber;
    if (!subscriber || text === "pong") return;
    const frame = JSON.parse(text);
    const events: { type: string }[] = frame.events ?? (frame.seq === undefined ? [] : [frame]);
    const { clientId, allowed, expiresMs } = subscriber;
    const overMs = this.wall.nowMs - (expiresMs ?? Number.POSITIVE_INFINITY);
    if (overMs >= 0 && (events.length > 0 || frame.type === "reactor_events")) {
      this.wrong.push(`${clientId} was sent ${events.length} events ${overMs} ms after the end of its rights`);
    }
    const forbidden = events.find(({ type }) => allowed?.some((pattern) => matches(pattern, type)) === false);
    if (forbidden) this.wrong.push(`${clientId} (${allowed}) was sent a ${forbidden.type}`);
  }

  /** A client that never said `ping` owes none, and a hub cannot hold its silence against it. */
  #lookAtClose(link: Link, code: number): void {
    const connected = this.#sockets.get(link.hubEnd);
    if (code !== 4408 || link.wasDisturbed || connected?.subscriber.dialect !== "v1" || connected.pingMs !== null)
      return;
    this.wrong.push(`${connected.subscriber.clientId} was closed with 4408, and took in everything`);
  }

  #ring(scheduledMs: number): void {
    if (!this.isUp) {
      this.#overdueMs = scheduledMs;
      return;
    }
    this.#settleArrivals();
    this.#broker.maintenance.ring(scheduledMs);
  }

  readonly #later = (ms: number, act: () => void): void => {
    const ok = this.#putOffUntilDone();
    const life = this.#life;
    this.#clock.after(ms, () => {
      ok();
      if (life === this.#life) act(); // else it went with the object
    });
  };

  readonly #keepAwake = (promise: Promise<unknown>): void => {
    const ok = this.#putOffUntilDone();
    promise.then(ok, ok);
  };

  #putOffUntilDone(): () => void {
    const life = this.#life;
    this.#putOff += 1;
    return () => {
      if (life === this.#life) this.#putOff -= 1;
    };
  }

  #wake(): void {
    const { wall, log } = this;
    const report = (_: string, error: unknown) => void this.reports.push(error);
    const retention = { maxEvents: 1e6, maxAgeMs: 72 * 3_600_000, maxBytes: 1e9 };
    const settings = { enabled: true, announces: false, heartbeatMs: this.#heartbeatMs, retention };
    const broker: Broker<Socket> = new Broker<Socket>(log, settings, {
      now: () => ({ ms: wall.nowMs, iso: "2026-11-21T12:00:00.000Z" }),
      freshEpoch: () => "abc",
      pingMs: (socket) => this.#sockets.get(socket)?.pingMs ?? null,
      later: this.#later,
      after: (ms, act) => this.#clock.after(ms, act),
      pauseAfter: () => this.#pauseMs,
      authenticate: this.office.authenticate,
      limits: { messagesPerSecond: 1_000, socketsPerChannel: 1_000, socketsPerAddress: SOCKETS_PER_ADDRESS },
      keep: (socket, subscriber) => {
        const connected = this.#sockets.get(socket);
        if (connected) connected.subscriber = structuredClone(subscriber);
      },
      report,
      keepAwake: this.#keepAwake,
      getAlarm: this.alarm.get,
      setAlarm: this.alarm.set,
    });
    this.#broker = broker;
    this.listeners.addTo(broker.bus);
    for (const [socket, { subscriber, link }] of this.#sockets) {
      if (link.closedWith === undefined) broker.subscribers.restore(socket, subscriber, log.flushedSeq);
    }
    broker.woke();
  }
}
