// A world in which a hub and its clients live through minutes in a millisecond: the real minds of both, and everything
// between them made of one seed, so that whatever happens happens again.
import type { Dialect, Reader } from "../../src/core/audience.ts";
import { Broker } from "../../src/core/broker.ts";
import { MemoryLog } from "../../src/core/memory-log.ts";
import type { Socket } from "../../src/core/socket.ts";
import { parseCursor } from "../../src/wire/cursor.ts";
import { refuse } from "../../src/wire/problem.ts";
import { draftOf } from "../doubles/drafts.ts";
import { ManualClock, seeded } from "../doubles/manual-ports.ts";
import { readerOf } from "../doubles/reader.ts";
import { type Citizen, settleNew, settleOld } from "./citizen.ts";
import { Link } from "./link.ts";

const TYPES = ["a", "b", "news_x", "news_y"] as const;
const INTERESTS: readonly (readonly string[])[] = [[], ["a"], ["news_*"], ["*_y", "b"], ["nothing"]];

/** How many of the pages are. */
const OLD_PAGES = 0.25;

export class World {
  readonly clock = new ManualClock();
  readonly random: () => number;
  readonly log = new MemoryLog();
  readonly citizens: Citizen[] = [];
  /** Everything that was ever appended, also what was let go since. */
  readonly appended: { readonly seq: number; readonly type: string; readonly id: string }[] = [];
  /** What was acknowledged to a publisher, by id. */
  readonly acknowledged = new Map<string, number>();
  readonly #attachments = new Map<Socket, Reader>();
  readonly #links = new Map<Socket, Link>();
  readonly #pings = new Map<Socket, number>();
  #broker = this.#wake();
  #isUp = true;
  /** What the hub is to do later: while there is something, it does not sleep. */
  #putOff = 0;
  #epochs = 0;
  #life = 0;
  /** Between flushes, as where a hub has many sockets. */
  readonly #pauseMs: number;

  constructor(seed: number) {
    this.random = seeded(seed);
    this.#pauseMs = this.pick([0, 5, 50]);
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  /** How often a page has tried to connect. */
  attempts = 0;

  /** How many the hub takes for connected. */
  get connected(): number {
    return this.#broker.readers.count;
  }

  /** A page is opened, by chance one or another. */
  settle(asked = this.pick(INTERESTS), isOld = this.random() < OLD_PAGES): void {
    const open = (url: string, dialect: Dialect) => this.#open(url, dialect);
    const surroundings = { open, clock: this.clock, random: this.random };
    this.citizens.push(isOld ? settleOld(asked, surroundings) : settleNew(asked, surroundings));
  }

  /** A publisher emits, and repeats itself until it hears the answer. */
  publish(id: string, count: number, bytes: number): void {
    const data = "x".repeat(bytes);
    const events = Array.from({ length: count }, (_, n) =>
      draftOf({ type: this.pick(TYPES), id: `${id}.${n}`, source: "s", data }),
    );
    const attempt = () => {
      const receipt = this.#isUp ? this.#broker.emit(events) : undefined;
      const isHeard = this.random() < 0.8;
      if (receipt?.ok && isHeard) for (const { id, seq } of receipt.value.events) this.acknowledged.set(id, seq);
      else this.clock.after(this.random() * 1_000, attempt);
    };
    attempt();
  }

  /** Something goes wrong, or on, for somebody. */
  disturb(): void {
    const links = [...this.#links.values()];
    const link = links.length > 0 ? this.pick(links) : undefined;
    const chance = this.random();
    if (chance < 0.25) link?.cut();
    else if (chance < 0.5) link?.freeze();
    else if (chance < 0.7) link?.thaw();
    else if (chance < 0.85) this.#sleep();
    else if (chance < 0.9) this.crash(this.random() * 3_000);
    else if (chance < 0.95) this.#broker.readers.broadcast.progress(this.log.cursor.seq);
    else this.settle();
  }

  /** What a hub's alarm does. */
  ring(): void {
    if (!this.#isUp) return;
    this.#broker.care.reapGhosts(this.clock.nowMs);
    this.#broker.beat();
  }

  letGo(maxEvents: number): void {
    if (!this.#isUp) return;
    this.#broker.readers.broadcast.progress(this.log.oldest + 2_000);
    this.log.trim({ maxEvents, maxAgeMs: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY }, 0);
  }

  /** The object is gone with its sockets, and back after a while: a deploy, or worse. */
  crash(downMs: number, turnsEpoch = false): void {
    this.#isUp = false;
    this.#life += 1;
    this.#putOff = 0;
    for (const link of this.#links.values()) link.cut();
    this.#links.clear();
    this.#attachments.clear();
    if (turnsEpoch && this.log.bornMs !== null) this.log.turnEpoch(`e${++this.#epochs}`);
    this.clock.after(downMs, () => {
      this.#broker = this.#wake();
      this.#isUp = true;
    });
  }

  /** From here on nothing goes wrong. */
  heal(): void {
    for (const link of this.#links.values()) link.thaw();
    for (let minute = 0; minute < 10; minute++) {
      this.clock.pass(30_000);
      this.ring();
    }
    this.clock.pass(1_000);
  }

  /** Memory goes; the log and the sockets stay. */
  #sleep(): void {
    if (this.#isUp && this.#putOff === 0) this.#broker = this.#wake();
  }

  #later(ms: number, act: () => void): void {
    const life = this.#life;
    this.#putOff += 1;
    this.clock.after(ms, () => {
      if (life !== this.#life) return; // it went with the object
      this.#putOff -= 1;
      act();
    });
  }

  #wake(): Broker<Socket> {
    const broker = new Broker<Socket>(this.log, {
      now: () => ({ ms: this.clock.nowMs, iso: "2026-11-21T12:00:00.000Z" }),
      freshEpoch: () => "abc",
      pingMs: (socket) => this.#pings.get(socket) ?? null,
      later: (ms, act) => this.#later(ms, act),
      after: this.clock.after,
      pauseAfter: () => this.#pauseMs,
      authenticate: async () => refuse("unauthorized", "Nobody here has a token."),
      agendaChanged: () => {},
      limits: { messagesPerSecond: 1_000, socketsPerChannel: 1_000, socketsPerAddress: 1_000 },
      keep: (socket, reader) => this.#attachments.set(socket, structuredClone(reader)),
      report: (_, error) => {
        throw error;
      },
      keepAwake: () => {},
      afterAppend: () => {
        for (const { seq, type, event } of this.log.read(this.appended.at(-1)?.seq ?? 0)) {
          this.appended.push({ seq, type, id: JSON.parse(event).id });
        }
      },
      announces: false,
    });
    for (const [socket, reader] of this.#attachments) broker.readers.restore(socket, reader);
    return broker;
  }

  #open(url: string, dialect: Dialect) {
    const link = new Link(this.clock, this.random, (item) => this.#hear(link, item));
    this.attempts += 1;
    const query = new URL(url).searchParams;
    this.clock.after(this.random() * 100, () => {
      if (!this.#isUp) return link.cut();
      this.#links.set(link.hubEnd, link);
      const asked = query.get("events")?.split(",") ?? null;
      const cursor = parseCursor(query.get("cursor")) ?? null;
      const clientId = `client-${this.#links.size}`;
      this.#broker.attach(link.hubEnd, { ...readerOf({ clientId, asked, dialect }), cursor });
    });
    return link.clientEnd;
  }

  #hear(link: Link, item: string | number): void {
    const socket = link.hubEnd;
    if (!this.#isUp || !this.#links.has(socket)) return;
    if (item === "ping") {
      this.#pings.set(socket, this.clock.nowMs); // the runtime answers, and wakes nobody
      socket.send("pong");
    } else if (typeof item === "string") this.#broker.hear(socket, item);
    else {
      this.#links.delete(socket);
      this.#attachments.delete(socket);
      this.#broker.readers.leave(socket);
      socket.close(item, "");
    }
  }
}
