// What a hub's sockets are doing at this moment: how many there are of each kind, how far they are behind, and which are the slowest.
import type { Encoding } from "../../wire/server-frame.ts";

/** One socket. */
export interface Reading {
  readonly clientId: string;
  readonly sub: string | null;
  readonly dialect: "v1" | "legacy";
  readonly encoding: Encoding;
  readonly isLive: boolean;
  /** How many events of the log it was not sent yet, whether they match or not. */
  readonly lag: number;
  /** The bytes queued on it. */
  readonly buffered: number;
}

/** So many sockets are of one kind. */
export interface KindCount extends Pick<Reading, "dialect" | "encoding" | "isLive"> {
  readonly count: number;
}

/** So many sockets are at most `upTo` events behind, and more than the bucket before. `null`: any number. */
export interface LagBucket {
  readonly upTo: number | null;
  readonly count: number;
}

/** One of the slowest. */
export interface SlowSocket extends Reading {
  /** When it was last heard, pings included, as Unix time in ms. */
  readonly heardMs: number;
}

export interface Survey {
  /** Only kinds that there are. */
  readonly kinds: readonly KindCount[];
  readonly lag: readonly LagBucket[];
  /** The most lagging first, and of those that lag alike the most buffered. */
  readonly slowest: readonly SlowSocket[];
}

const LAG_BUCKETS = [0, 10, 100, 1_000, 10_000, null] as const;

const SLOWEST = 10;

/**
 * Visits each socket once, and sorts none but the slowest: there may be 30,000.
 *
 * @param read `undefined`: it has left
 * @param heardMs is asked of the slowest only
 */
export function surveyOf<S>(
  sockets: Iterable<S>,
  read: (socket: S) => Reading | undefined,
  heardMs: (socket: S) => number,
): Survey {
  const kinds = new Map<string, { -readonly [Key in keyof KindCount]: KindCount[Key] }>();
  const buckets = LAG_BUCKETS.map((upTo) => ({ upTo, count: 0 }));
  const slowest: { readonly socket: S; readonly reading: Reading }[] = [];
  for (const socket of sockets) {
    const reading = read(socket);
    if (reading === undefined) continue;
    const { dialect, encoding, isLive, lag } = reading;
    const key = `${dialect} ${encoding} ${isLive}`;
    const kind = kinds.get(key) ?? { dialect, encoding, isLive, count: 0 };
    kind.count += 1;
    kinds.set(key, kind);
    const bucket = buckets.find(({ upTo }) => upTo === null || lag <= upTo);
    if (bucket) bucket.count += 1;
    const last = slowest.at(-1);
    if (slowest.length === SLOWEST && last && !isSlower(reading, last.reading)) continue;
    const place = slowest.findIndex((other) => isSlower(reading, other.reading));
    slowest.splice(place === -1 ? slowest.length : place, 0, { socket, reading });
    if (slowest.length > SLOWEST) slowest.pop();
  }
  return {
    kinds: [...kinds.values()],
    lag: buckets,
    slowest: slowest.map(({ socket, reading }) => ({ ...reading, heardMs: heardMs(socket) })),
  };
}

function isSlower(a: Reading, b: Reading): boolean {
  return a.lag > b.lag || (a.lag === b.lag && a.buffered > b.buffered);
}
