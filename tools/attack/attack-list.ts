// The attacks: each with a control, the same traffic without what makes it an attack, and the bound of docs/limits.md that
// says how much more the attack may cost than its control.
import type { Strike } from "./attack-target.ts";
import type { SocketOptions, Traffic } from "./attack-traffic.ts";

const MIB = 2 ** 20;

/**
 * `held`: what the hub's isolate holds after garbage collection, while the attack still stands: exact to some hundred kB.
 * `peak`: the resident memory of the process at its highest, which has garbage in it, and the runtime's own buffers.
 */
export type Measure = "held" | "peak";

/** What a measure may differ by between two runs of the same traffic. */
export const SLACK: Readonly<Record<Measure, number>> = { held: 2 * MIB, peak: 48 * MIB };

export interface Attack {
  readonly name: string;
  readonly rule: string;
  readonly what: string;
  readonly measure: Measure;
  /** The bound in bytes. */
  readonly bound: number;
  /** @param scale 1, or less for a short form @param isAttack `false`: its control */
  of(scale: number, isAttack: boolean): Strike;
}

/** At least one. */
const times = (count: number, scale: number) => Math.max(1, Math.round(count * scale));

const text = (length: number) => "x".repeat(length);

async function inTurn(count: number, act: (index: number) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < count; index++) await act(index);
}

async function atOnce(count: number, act: (index: number) => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => act(index)));
}

/** A log of so many events of so many bytes each, in requests of up to 2 MB. */
async function fill(traffic: Traffic, events: number, bytes: number): Promise<void> {
  const perRequest = Math.max(1, Math.min(1_000, Math.floor(2e6 / bytes)));
  for (let left = events; left > 0; left -= perRequest) {
    await traffic.emit(Array.from({ length: Math.min(left, perRequest) }, () => ({ type: "big", data: text(bytes) })));
  }
}

/** Puts other events in the place of the newest ones, which the hub keeps in memory: 8 MiB of text, whatever their types are. */
const displaceNewest = (traffic: Traffic) => fill(traffic, 60, 250_000);

/** 64 patterns of 124 bytes: almost all that a socket may ask for. */
function patternsOf(index: number): string[] {
  return Array.from(
    { length: 64 },
    (_, n) => `*${index.toString(36).padStart(6, "0")}*${n}${text(112 - String(n).length)}*`,
  );
}

const subscribe = (events: readonly string[]) => JSON.stringify({ type: "subscribe", data: { events } });

export const ATTACKS: readonly Attack[] = [
  {
    name: "types",
    rule: "B11, L9",
    what: "each event has a type of its own; control: one type",
    measure: "held",
    bound: 256 * 2 * 512,
    of: (scale, isAttack) => ({
      vars: { RETENTION_EVENTS: "5000" },
      strike: async (traffic) => {
        await inTurn(times(300, scale), (batch) =>
          traffic.emit(
            Array.from({ length: 1_000 }, (_, n) => ({ type: (isAttack ? `u${batch}_${n}_` : "u_").padEnd(110, "x") })),
          ),
        );
        await displaceNewest(traffic);
      },
    }),
  },
  {
    name: "ids",
    rule: "I4",
    what: "each event has an id; control: the same bytes as data",
    measure: "held",
    bound: 32 * MIB,
    of: (scale, isAttack) => ({
      vars: { RETENTION_EVENTS: "5000" },
      strike: async (traffic) => {
        await inTurn(times(300, scale), (batch) =>
          traffic.emit(
            Array.from({ length: 1_000 }, (_, n) => {
              const id = `${batch}_${n}_`.padEnd(100, "x");
              return isAttack ? { type: "a", id, source: "attack" } : { type: "a", data: id };
            }),
          ),
        );
        await displaceNewest(traffic);
      },
    }),
  },
  {
    name: "replay-large",
    rule: "P11",
    what: "a reader resumes at the beginning of a log of 250 kB events; control: of 10 kB events",
    measure: "peak",
    bound: 12 * MIB,
    of: (scale, isAttack) => ({
      prepare: (traffic) => fill(traffic, times(isAttack ? 400 : 10_000, scale), isAttack ? 250_000 : 10_000),
      strike: async (traffic) => {
        await traffic.open(1, () => ({ query: "cursor=0.0" }));
        await traffic.quiet();
      },
    }),
  },
  {
    name: "replay-unread",
    rule: "P3, P8",
    what: "300 readers resume over 250 kB events and never read; control: over 1 kB events",
    measure: "peak",
    bound: 32 * MIB,
    of: (scale, isAttack) => ({
      prepare: (traffic) => fill(traffic, 400, isAttack ? 250_000 : 1_000),
      strike: (traffic) => traffic.open(times(300, scale), () => ({ query: "cursor=0.0", manner: "stalls" })),
    }),
  },
  {
    name: "stalled",
    rule: "P7, P8",
    what: "120 live readers stop reading while 50 MB are emitted; control: one of them",
    measure: "peak",
    bound: 32 * MIB,
    of: (scale, isAttack) => ({
      prepare: (traffic) => traffic.open(isAttack ? times(120, scale) : 1, () => ({ manner: "stalls" })),
      strike: (traffic) => fill(traffic, 200, 250_000),
    }),
  },
  {
    name: "bodies",
    rule: "E8",
    what: "64 POSTs of 4 MiB at once; control: one after the other",
    measure: "peak",
    bound: 16 * MIB,
    of: (scale, isAttack) => ({
      strike: (traffic) =>
        (isAttack ? atOnce : inTurn)(times(64, scale), () =>
          traffic.emit(Array.from({ length: 16 }, () => ({ type: "big", data: text(255_000) }))),
        ),
    }),
  },
  {
    name: "bodies-unfinished",
    rule: "E8",
    what: "100 bodies of 1 MiB that stop; control: each stops after 1 KiB",
    measure: "peak",
    bound: 16 * MIB,
    of: (scale, isAttack) => ({
      strike: async (traffic) => {
        await atOnce(times(100, scale), () => traffic.beginBody(isAttack ? MIB : 1024));
        await traffic.quiet();
      },
    }),
  },
  {
    name: "history",
    rule: "H24",
    what: "64 pages of history of 4 MiB at once; control: one after the other",
    measure: "peak",
    bound: 16 * MIB,
    of: (scale, isAttack) => ({
      prepare: (traffic) => fill(traffic, 1_100, 4_000),
      strike: (traffic) =>
        (isAttack ? atOnce : inTurn)(times(64, scale), () => traffic.ask("GET", "/api/events?limit=1000")),
    }),
  },
  {
    name: "commits",
    rule: "L10, E8",
    what: "200 POSTs of 250 kB at once; control: one after the other",
    measure: "peak",
    bound: (8 + 16) * MIB, // what waits for a commit is in the Worker, too, whose isolate is the hub's here
    of: (scale, isAttack) => ({
      strike: (traffic) =>
        (isAttack ? atOnce : inTurn)(times(200, scale), () => traffic.emit([{ type: "big", data: text(250_000) }])),
    }),
  },
  {
    name: "patterns",
    rule: "S14",
    what: "sockets with 8 KiB of patterns of their own, half of them in the URL; control: without patterns",
    measure: "held",
    bound: 32 * MIB,
    of: (scale, isAttack) => ({
      strike: (traffic) =>
        traffic.open(times(3_000, scale), (index): SocketOptions => {
          if (!isAttack) return { message: subscribe([]) };
          const patterns = patternsOf(index);
          return index % 2 === 0 ? { message: subscribe(patterns) } : { query: `events=${patterns.join(",")}` };
        }),
    }),
  },
  {
    name: "patterns-short",
    rule: "S14",
    what: "sockets with 64 short patterns of their own; control: without patterns",
    measure: "held",
    bound: 32 * MIB,
    of: (scale, isAttack) => ({
      strike: (traffic) =>
        traffic.open(times(3_000, scale), (index) => ({
          message: subscribe(isAttack ? Array.from({ length: 64 }, (_, n) => `${index.toString(36)}*${n}`) : []),
        })),
    }),
  },
  {
    name: "patterns-by-types",
    rule: "F13",
    what: "500 sockets of 60 patterns with stars, and new types that almost match; control: types that match at once",
    measure: "held",
    bound: MIB,
    of: (scale, isAttack) => ({
      prepare: (traffic) =>
        traffic.open(times(500, scale), (index) => ({
          message: subscribe(Array.from({ length: 60 }, (_, n) => `*${"a".repeat(20)}*a*a*z${index}x${n}`)),
        })),
      strike: (traffic) =>
        inTurn(3, (batch) =>
          traffic.emit(
            Array.from({ length: 1_000 }, (_, n) => ({ type: `${isAttack ? "a".repeat(110) : ""}${batch}_${n}` })),
          ),
        ),
    }),
  },
  {
    name: "own-topics",
    rule: "S3",
    what: "1,000 sockets each with a topic of its own, events to all of them in turn; control: events to one of them",
    measure: "held",
    bound: MIB,
    of: (scale, isAttack) => {
      const sockets = times(1_000, scale);
      return {
        prepare: (traffic) => traffic.open(sockets, (index) => ({ query: `events=user_${index}` })),
        strike: (traffic) =>
          inTurn(20, (batch) =>
            traffic.emit(
              Array.from({ length: 500 }, (_, n) => ({ type: `user_${isAttack ? (batch * 500 + n) % sockets : 0}` })),
            ),
          ),
      };
    },
  },
  {
    name: "addresses",
    rule: "T19",
    what: "2,000 sockets each of an address of its own; control: ten of each address",
    measure: "held",
    bound: 2_000 * 512,
    of: (scale, isAttack) => ({
      vars: { SOCKETS_PER_ADDRESS: "10" },
      strike: (traffic) =>
        traffic.open(times(2_000, scale), (index) => {
          const address = isAttack ? index : Math.floor(index / 10);
          return { headers: { "CF-Connecting-IP": `10.0.${address >> 8}.${address & 255}` } };
        }),
    }),
  },
  {
    name: "revocations",
    rule: "V5",
    what: "11,000 revocations, each of another sub; control: of one sub",
    measure: "held",
    bound: 4 * MIB,
    of: (scale, isAttack) => ({
      vars: { REACTOR_JWT_SECRET: "the signing secret of the attacks" },
      strike: (traffic) =>
        inTurn(times(11_000, scale), (n) => {
          const sub = (isAttack ? `${n}_` : "one").padEnd(245, "x");
          return traffic.ask("POST", "/api/revocations", JSON.stringify({ sub }));
        }),
    }),
  },
  {
    name: "removals",
    rule: "X1",
    what: "1,000 events with ids are removed one by one; control: they are read one by one",
    measure: "held",
    bound: MIB,
    of: (scale, isAttack) => ({
      prepare: async (traffic) => {
        await traffic.emit(
          Array.from({ length: 1_000 }, (_, n) => ({ type: "a", id: `r${n}`, source: "attack", data: text(2_000) })),
        );
      },
      strike: async (traffic) => {
        const epoch = await traffic.epoch();
        await inTurn(times(1_000, scale), (n) =>
          isAttack
            ? traffic.ask("DELETE", `/api/events/${epoch}.${n + 2}`)
            : traffic.ask("GET", `/api/events?after=${epoch}.${n + 1}&limit=1`),
        );
      },
    }),
  },
  {
    name: "channels",
    rule: "H21",
    what: "the status of 1,500 channels that do not exist; control: of one",
    measure: "held",
    bound: MIB,
    of: (scale, isAttack) => ({
      strike: async (traffic) => {
        await inTurn(times(1_500, scale), (n) => traffic.ask("GET", `/ws/status?channel=look${isAttack ? n : 0}`));
        await traffic.hubsSleep();
      },
    }),
  },
];
