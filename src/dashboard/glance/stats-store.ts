// What the page knows of its hub. The hub is asked when the page connects and after events came, at most once a second; on a quiet channel
// it is left asleep, and a hidden page asks when it is shown again.
import type { Reactor } from "../../client/index.ts";
import { Snapshot } from "../../react/snapshot.ts";
import type { Answer } from "../visit/ask-hub.ts";
import type { Visit } from "../visit/visit.ts";
import { type Health, healthOf, readStats, type Stats } from "./hub-stats.ts";
import { Timeline } from "./timeline.ts";

const EVERY_MS = 1_000;

/** A page that has just connected draws itself, and would measure that. */
const FIRST_PING_MS = 500;

export interface Glance {
  /** The newest that the hub gave; `null`: none yet. */
  readonly stats: Stats | null;
  /** When it gave them, in Unix time in ms. */
  readonly statsMs: number | null;
  /** Why it did not give newer ones; `null`: it did. */
  readonly fault: string | null;
  readonly health: Health;
  /** The newest ping's; `null`: none was answered. */
  readonly roundTripMs: number | null;
  /** When the newest event that came live was received; `null`: none yet. */
  readonly seenMs: number | null;
}

const NOTHING: Glance = {
  stats: null,
  statsMs: null,
  fault: null,
  health: "unknown",
  roundTripMs: null,
  seenMs: null,
};

/** The world around it. */
export interface Surroundings {
  /** Unix time in ms. */
  now(): number;
  after(ms: number, run: () => void): void;
  isHidden(): boolean;
  /** @returns a function that unsubscribes */
  onShown(run: () => void): () => void;
}

const PAGE: Surroundings = {
  now: Date.now,
  after: (ms, run) => void setTimeout(run, ms),
  isHidden: () => typeof document !== "undefined" && document.hidden,
  onShown(run) {
    const onChange = () => document.hidden || run();
    globalThis.document?.addEventListener("visibilitychange", onChange);
    return () => globalThis.document?.removeEventListener("visibilitychange", onChange);
  },
};

export class StatsStore {
  readonly glance = new Snapshot<Glance>(NOTHING);
  readonly timeline: Timeline;
  readonly #visit: Visit;
  readonly #around: Surroundings;
  #isAsking = false;
  #askedMs = Number.NEGATIVE_INFINITY;
  /** Whether something came since the hub was asked. */
  #isDue = false;
  #isWaiting = false;
  /** The connection's state that was seen last. */
  #state = "";
  #sinceMs = 0;
  #health: Health = "unknown";
  #hasSeen = false;
  #unfollowPage: (() => void) | undefined;

  constructor(visit: Visit, around: Surroundings = PAGE) {
    this.#visit = visit;
    this.#around = around;
    this.timeline = new Timeline(around.now());
    visit.listen({
      event: (_event, wasKept) => (wasKept ? this.#due() : this.#arrived()),
      reset: () => this.#due(),
    });
    visit.entry.subscribe(() => this.#follow());
  }

  /** Asks now, because the visitor wants it. */
  refresh(): void {
    void this.#ask();
  }

  /** Measures the round trip. */
  async ping(): Promise<void> {
    const { reactor } = this.#visit.entry.read();
    const roundTripMs = await reactor.ping();
    if (!this.#isCurrent(reactor)) return;
    if (roundTripMs !== null) this.timeline.sample(this.#around.now(), null, roundTripMs);
    this.glance.update((glance) => ({ ...glance, roundTripMs }));
  }

  #arrived(): void {
    const now = this.#around.now();
    this.timeline.count(now);
    this.#due();
    if (this.#hasSeen) return; // there is one change for all events of a frame
    this.#hasSeen = true;
    this.glance.update((glance) => {
      this.#hasSeen = false;
      return { ...glance, seenMs: now };
    });
  }

  #follow(): void {
    const { state, sinceMs, attempts } = this.#visit.entry.read();
    if (state === this.#state && sinceMs === this.#sinceMs) return;
    [this.#state, this.#sinceMs] = [state, sinceMs];
    this.#unfollowPage?.();
    this.#unfollowPage = state === "connected" ? this.#around.onShown(() => this.#askWhenDue()) : undefined;
    if (state === "connected") void this.#ask();
    else if (state === "reconnecting") {
      this.#setHealth("unknown");
      this.glance.update((glance) => ({ ...glance, roundTripMs: null }));
      if (attempts > 0) void this.#askHealth(); // is it the network, or the hub?
    }
  }

  #due(): void {
    this.#isDue = true;
    this.#askWhenDue();
  }

  #askWhenDue(): void {
    if (!this.#isDue || this.#isAsking || this.#isWaiting || this.#around.isHidden() || this.#state !== "connected")
      return;
    const waitMs = this.#askedMs + EVERY_MS - this.#around.now();
    if (waitMs <= 0) return void this.#ask();
    this.#isWaiting = true;
    this.#around.after(Math.min(waitMs, EVERY_MS), () => {
      this.#isWaiting = false;
      this.#askWhenDue();
    });
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#isDue = false;
    this.#askedMs = this.#around.now();
    const { reactor } = this.#visit.entry.read();
    if (this.glance.read().roundTripMs === null) this.#around.after(FIRST_PING_MS, () => void this.ping());
    else void this.ping();
    const [answer, health] = await Promise.all([
      this.#visit.ask("/ws/stats"),
      this.#health === "healthy" ? undefined : this.#visit.ask("/ws/health"),
    ]);
    this.#isAsking = false;
    if (this.#isCurrent(reactor)) {
      if (health) this.#setHealth(healthOf(health));
      this.#take(answer);
    }
    this.#askWhenDue();
  }

  async #askHealth(): Promise<void> {
    const { reactor } = this.#visit.entry.read();
    const answer = await this.#visit.ask("/ws/health");
    if (this.#isCurrent(reactor)) this.#setHealth(healthOf(answer));
  }

  #take(answer: Answer): void {
    if (!answer.ok) {
      if (healthOf(answer) === "failing") this.#setHealth("failing");
      this.glance.update((glance) => ({ ...glance, fault: answer.detail }));
      return;
    }
    const [stats, statsMs] = [readStats(answer.body), this.#around.now()];
    this.timeline.sample(statsMs, stats.clients, null);
    this.glance.update((glance) => ({ ...glance, stats, statsMs, fault: null }));
  }

  #setHealth(health: Health): void {
    this.#health = health;
    this.glance.update((glance) => ({ ...glance, health }));
  }

  #isCurrent(reactor: Reactor): boolean {
    return reactor === this.#visit.entry.read().reactor;
  }
}
