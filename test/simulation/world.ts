// A world in which a hub and its clients live through minutes in a millisecond: the real minds of both, and everything
// between them made of one seed, so that whatever happens happens again.
import { encodeAck } from "../../src/wire/client-frame.ts";
import { draftOf } from "../support/drafts.ts";
import { ManualClock, seeded } from "../support/manual-ports.ts";
import { Backends } from "./backends.ts";
import { type Citizen, type Surroundings, settleClient, settleLegacyPage, settlePlainListener } from "./citizen.ts";
import { SOCKETS_PER_ADDRESS } from "./host-sockets.ts";
import { HubHost } from "./hub-host.ts";
import type { Link } from "./link.ts";
import { MAX_SKEW_MS } from "./wall-clock.ts";
import type { Asking } from "./worker-double.ts";

const TYPES = ["a", "b", "news_x", "news_y"] as const;
const INTERESTS: readonly (readonly string[])[] = [[], ["a"], ["news_*"], ["*_y", "b"], ["nothing"]];
const KINDS = [
  "client",
  "client",
  "one token",
  "tokens",
  "tokens",
  "legacy",
  "legacy",
  "legacy tokens",
  "plain",
] as const;
const ADDRESSES = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];

export type Kind = (typeof KINDS)[number];

export class World {
  readonly clock = new ManualClock();
  readonly random: () => number;
  readonly host: HubHost;
  readonly citizens: Citizen[] = [];
  readonly #backends: Backends;
  /** What was acknowledged to a publisher, by id. */
  readonly acknowledged = new Map<string, number>();
  /** Ids of events that were refused to a client for good, and the head then: up to there they are not in the log. */
  readonly refused = new Map<string, number>();
  /** How often a page has tried to connect. */
  attempts = 0;
  #said = 0;
  #hasty = 0;
  /** How many pages live behind each address. */
  readonly #pages = new Map<string, number>();

  constructor(seed: number) {
    this.random = seeded(seed);
    this.host = new HubHost(this.clock, this.random, {
      heartbeatMs: this.pick([0, 30_000, 30_000]),
      pauseMs: this.pick([0, 5, 50]),
      framesPerTurn: this.pick([1, 2, 5, 200]),
      messagesPerSecond: this.pick([5, 20]),
      announces: this.random() < 0.3,
    });
    this.#backends = new Backends(this.clock, this.random, this.host.office);
    this.host.office.onChecked = () => {
      if (!this.host.office.isWell && this.random() < 0.3) this.#publishInHaste();
    };
  }

  /** Lets `ms` pass, and looks at the hub after each turn. */
  live(ms: number): Promise<void> {
    return this.clock.live(ms, () => this.host.turnEnded());
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  /** Somebody comes, by chance one or another. */
  settle(kind: Kind = this.pick(KINDS), asked = this.pick(INTERESTS)): void {
    const { clock, random } = this;
    const inflates = this.citizens.length % 2 === 0;
    const surroundings: Surroundings = { open: (asking) => this.#open(asking), clock, random, inflates };
    if (kind === "legacy") this.citizens.push(settleLegacyPage(asked, this.#address(), surroundings));
    else if (kind === "legacy tokens") this.citizens.push(this.#settleWithToken(asked, surroundings));
    else if (kind === "plain") this.citizens.push(settlePlainListener(asked, surroundings));
    else
      this.citizens.push(
        settleClient(asked, surroundings, kind === "client" ? undefined : this.#backends.backend(kind)),
      );
  }

  /** A publisher emits, and repeats itself until it hears the answer. */
  publish(id: string, count: number, bytes: number): void {
    const data = "x".repeat(bytes);
    const events = Array.from({ length: count }, (_, n) =>
      draftOf({ type: this.pick(TYPES), id: `${id}.${n}`, source: "s", data }),
    );
    const attempt = () => {
      const isHeard = this.random() < 0.8;
      const cancelRetry = this.clock.after(this.random() * 1_000, attempt);
      void this.host.emit(events).then((receipt) => {
        if (!receipt?.ok || !isHeard) return;
        cancelRetry();
        for (const { id, seq } of receipt.value.events) this.acknowledged.set(id, seq);
      });
    };
    attempt();
  }

  /** Of several events in one turn only the first leaves at once, where flushes take time; behind large ones sockets lag. */
  #publishInHaste(): void {
    const [count, bytes] = this.random() < 0.2 ? [7, 20_000] : [1, 10];
    for (let n = 0; n < 3; n++) this.publish(`haste${++this.#hasty}`, count, bytes);
  }

  /** A client that may emits an event of its own. */
  say(): void {
    const { reactor, rights } = this.pick(this.citizens);
    if (rights.length === 0 || !reactor.emit) return;
    const id = `own.${++this.#said}`;
    reactor.emit(this.pick(TYPES), {}, { id }).then(
      ({ cursor }) => this.acknowledged.set(id, Number(cursor.split(".")[1])),
      ({ code }) => {
        if (code === "log_unavailable") this.refused.set(id, this.host.log.cursor.seq);
        else if (!["closed", "too_many_pending"].includes(code)) this.host.wrong.push(`${id} was refused as ${code}`);
      },
    );
  }

  /** Somebody sends messages that need no answer: a few, or more than the hub takes, or such as no client should send. */
  chat(): void {
    const { reactor } = this.pick(this.citizens);
    const count = Math.ceil(this.random() * (this.random() < 0.1 ? 200 : 10));
    if (reactor.send) for (let n = 0; n < count; n++) reactor.send("typing", {});
    else if (this.random() < 0.5) for (let n = 0; n < count; n++) reactor.say?.("hello?");
    else reactor.say?.(this.pick(this.#oddities()));
  }

  #oddities(): readonly (string | ArrayBuffer)[] {
    const { epoch, seq } = this.host.log.cursor;
    return [
      encodeAck({ epoch, seq: seq + 1_000 }),
      encodeAck({ epoch: "another", seq }),
      encodeAck({ epoch, seq: 0 }),
      "x".repeat(5_000),
      "x".repeat(70_000),
      new ArrayBuffer(8),
    ];
  }

  /** Something goes wrong, or on, for somebody. */
  disturb(): void {
    const links = this.host.sockets.links;
    const link: Link | undefined = links.length > 0 ? this.pick(links) : undefined;
    const chance = this.random();
    if (chance < 0.2) link?.cut();
    else if (chance < 0.4) link?.freeze();
    else if (chance < 0.6) link?.thaw();
    else if (chance < 0.75) this.host.sleep();
    else if (chance < 0.8) this.#crash();
    else if (chance < 0.85) this.host.progress();
    else if (chance < 0.9) this.host.alarm.failures += 1;
    else if (chance < 0.93) this.host.log.failsIn = this.random() < 0.5 ? 0 : 1;
    else this.settle();
  }

  #crash(): void {
    if (this.random() < 0.3) this.host.alarm.lose();
    this.host.crash(this.random() * 3_000, false);
  }

  /** From here on nothing goes wrong. */
  async heal(): Promise<void> {
    this.host.office.isWell = true;
    this.host.log.failsIn = null;
    this.host.alarm.failures = 0;
    for (const link of this.host.sockets.links) link.thaw();
    await this.live(300_000);
    this.host.beat(); // where the heart does not beat, quiet clients are not told how far the log has come
    await this.live(1_000);
  }

  /** Everybody goes. */
  async end(): Promise<void> {
    for (const { reactor } of this.citizens) reactor.close();
    // A ping that was stamped before the clock was set back is a sign of life until the clock is there again.
    const jumpsMs = this.host.wall.hasJumped ? 2 * MAX_SKEW_MS : 0;
    await this.live(11 * 60_000 + jumpsMs);
  }

  /** Addresses from which the hub still counts somebody. */
  get counted(): readonly string[] {
    return ADDRESSES.filter((address) => this.host.countFrom(address) > 0);
  }

  #open(asking: Asking) {
    this.attempts += 1;
    return this.host.open(asking).clientEnd;
  }

  /** Of a new page: one that has room for it, once those are gone that only look connected. */
  #address(): string {
    const address = this.pick(ADDRESSES.filter((each) => (this.#pages.get(each) ?? 0) < SOCKETS_PER_ADDRESS));
    this.#pages.set(address, (this.#pages.get(address) ?? 0) + 1);
    return address;
  }

  #settleWithToken(asked: readonly string[], surroundings: Surroundings): Citizen {
    const issue = this.#backends.issuer(() => (this.host.office.isWell ? 3_600_000 : 0)); // the world must not end while it reconnects
    return settleLegacyPage(asked, this.#address(), surroundings, issue);
  }
}
