// The faults of a run of chaos and their times: all derived from the seed, before anything starts.

export interface ChaosOptions {
  readonly clients: number;
  /** Acknowledged events after which the run ends. */
  readonly events: number;
  readonly kills: number;
  readonly cuts: number;
  readonly aborts: number;
  readonly storms: number;
  readonly clocks: number;
  readonly disks: number;
  readonly herds: number;
  readonly seconds: number;
  readonly seed: number;
}

/** `links`: the numbers of the connections that it hits; subscribers come first, then publishers. */
export type Fault = { readonly atMs: number } & (
  | { readonly kind: "kill" | "evict" | "abort" }
  | { readonly kind: "cut"; readonly links: readonly number[] }
  | { readonly kind: "freeze" | "delay" | "split"; readonly links: readonly number[]; readonly lengthMs: number }
  | { readonly kind: "stall"; readonly lengthMs: number }
  | { readonly kind: "reset storm"; readonly aborts: number; readonly lengthMs: number }
  | { readonly kind: "clock"; readonly stepMs: number }
  | { readonly kind: "full disk"; readonly leftBytes: number; readonly lengthMs: number }
  | { readonly kind: "herd"; readonly readers: number; readonly lengthMs: number }
);

/** Publishers whose requests go through links. */
export const LINKED_PUBLISHERS = 2;

const STALL_FROM_SECONDS = 20; // shorter runs have no time for a stall
const STALL_MS = 8_000; // below the 10 s after which a client gives up a silent hub
const BEFORE_STALL_MS = 500;
const STALL_APART_MS = BEFORE_STALL_MS + STALL_MS + 2_500;
const MAX_FREEZE_MS = 6_000;

const STORM_ABORTS = 10;
const STORM_MS = 2_000;

/** Their sum is never more than an hour and three minutes: the log keeps 24 hours, and the checker expects every event. */
const CLOCK_STEPS_MS = [3_600_000, -3_600_000, 180_000, -180_000];

/**
 * With 64 KiB left SQLite opens the database, whose shared memory is a file too, and its commits fail; with nothing left the
 * hub, which ends at the first failed commit, does not start either.
 */
const LEFT_BYTES = [65_536, 0];
const MAX_DISK_MS = 5_000;
const HELD_BACK_MS = 3_000; // the Worker holds emits back after interruptions

const HERD_READERS = 20;
const MAX_HERD_MS = 12_000;

/** The part of a run that has faults: it begins and ends without them. */
const FIRST_PART = 0.05;
const LAST_PART = 0.85;

export function planFaults(options: ChaosOptions): Fault[] {
  const { clients, kills, cuts, aborts, storms, clocks, disks, herds, seconds, seed } = options;
  const chance = seeded(seed);
  const totalMs = seconds * 1000;
  const anyTime = () => totalMs * (FIRST_PART + (LAST_PART - FIRST_PART) * chance());
  const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));
  const stalls = seconds >= STALL_FROM_SECONDS;
  const stallAtMs = totalMs * 0.3;

  /** Without link 0, the slow subscriber's: a cut would end its stall. */
  const someLinks = () => {
    const [first, count] = [stalls ? 1 : 0, clients + LINKED_PUBLISHERS];
    const share = 0.05 + 0.3 * chance();
    const hit = many(count - first, (n) => n + first).filter(() => chance() < share);
    return hit.length > 0 ? hit : [first + Math.floor(chance() * (count - first))];
  };
  const lengthMs = () => Math.round(Math.min(totalMs / 4, MAX_FREEZE_MS) * (0.2 + 0.8 * chance()));
  const upTo = (maxMs: number) => Math.round(Math.min(totalMs / 5, maxMs) * (0.6 + 0.4 * chance()));

  /**
   * While the slow subscriber is stalled and then catches up, the hub has no faults: a kill would end the stall, and a hub
   * with something to send is not idle, so that workerd would wait 30 s for its eviction, and every client with it.
   *
   * @param part from 0 to 1, of the remaining time @param lastsMs how long the hub is disturbed
   */
  const hubTime = (part: number, lastsMs = 0) => {
    const apartMs = stalls ? STALL_APART_MS + lastsMs : 0;
    const atMs = totalMs * FIRST_PART + Math.max(0, totalMs * (LAST_PART - FIRST_PART) - apartMs) * part;
    return stalls && atMs > stallAtMs - BEFORE_STALL_MS - lastsMs ? atMs + apartMs : atMs;
  };

  const faults: Fault[] = [
    ...many(kills, (n): Fault => ({ atMs: hubTime((n + chance()) / kills), kind: "kill" })),
    ...many(cuts, (): Fault => ({ atMs: anyTime(), kind: "cut", links: someLinks() })),
    ...(["freeze", "delay", "split"] as const).flatMap((kind) =>
      many(Math.ceil(seconds / 6), (): Fault => ({ atMs: anyTime(), kind, links: someLinks(), lengthMs: lengthMs() })),
    ),
    ...many(Math.ceil(seconds / 8), (): Fault => ({ atMs: hubTime(chance()), kind: "evict" })),
    ...many(stalls ? 1 : 0, (): Fault => ({ atMs: stallAtMs, kind: "stall", lengthMs: STALL_MS })),
    ...many(aborts, (n): Fault => ({ atMs: hubTime((n + chance()) / aborts), kind: "abort" })),
    ...many(storms, (n): Fault => {
      const storm = { aborts: STORM_ABORTS, lengthMs: Math.min(totalMs / 6, STORM_MS) };
      return { atMs: hubTime((n + chance()) / storms, storm.lengthMs + HELD_BACK_MS), kind: "reset storm", ...storm };
    }),
    ...many(disks, (n): Fault => {
      const disk = { leftBytes: picked(LEFT_BYTES, seed + n), lengthMs: upTo(MAX_DISK_MS) };
      return { atMs: hubTime((n + chance()) / disks, disk.lengthMs + HELD_BACK_MS), kind: "full disk", ...disk };
    }),
    ...many(clocks, (n): Fault => {
      return { atMs: hubTime((n + chance()) / clocks), kind: "clock", stepMs: picked(CLOCK_STEPS_MS, seed + n) };
    }),
    ...many(herds, (n): Fault => {
      const herd = { readers: HERD_READERS, lengthMs: upTo(MAX_HERD_MS) };
      return { atMs: hubTime((n + chance()) / herds, herd.lengthMs), kind: "herd", ...herd };
    }),
  ];
  return faults.sort((a, b) => a.atMs - b.atMs);
}

const picked = (from: readonly number[], n: number) => from[n % from.length] ?? 0;

/** Numbers from 0 to 1, the same for the same seed: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
