// The usage of Cloudflare by a load in a month, from measurements of the hub. docs/cost.md has the origin of each figure.

/** Rows, as the runtime counts them: `test/workerd/hub/usage-counters.test.ts` measures these. */
export const ROWS = {
  /** Its append and its deletion. */
  event: 2,
  /** The entry in the index of an event whose publisher gave an id. */
  id: 1,
  /** An id whose event was deleted within ten minutes: a row, an index entry, a deletion. */
  remembered: 3,
  /** The alarm itself, and the usage counters. */
  alarm: 2,
  /** The usage counters, and the seq up to which events are deleted, are written once per this many events each. */
  eventsPerCount: 1_000,
} as const;

/** Measured once, on a machine with two cores (docs/cost.md): no test measures time. */
const MEASURED = {
  rowsReadPerEvent: 5,
  /** CPU time of Worker, hub and kernel together, for a POST of one event, and for each further event in it. */
  postMs: 1,
  furtherEventMs: 0.03,
  /** CPU time to send one frame to one socket. */
  frameMs: 0.04,
  /** The most that an event takes on disk, as a multiple of its bytes, and what its id takes in the index. */
  storedFactor: 1.4,
  storedIdBytes: 115,
} as const;

/** SPEC L7, P1, A3 and I4. */
const KEPT = { events: 100_000, seconds: 72 * 3600, bytes: 256 * 2 ** 20 };
const PAGE_BYTES = 64 * 2 ** 10;
const SWEEP_EVERY_S = 300;
const REMEMBERED_S = 600;
const PING_EVERY_S = 25;

const MONTH_S = 30 * 86_400;
const HUB_GB = 0.128; // billed however much it uses
const MESSAGES_PER_REQUEST = 20;
const KEPT_AWAKE_S = 10; // the runtime evicts a hub that is idle for so long

export interface Load {
  /** Connected all month, in all channels together. */
  readonly clients: number;
  readonly eventsPerSecond: number;
  readonly channels: number;
  readonly withIds: boolean;
  readonly eventsPerPost: number;
  readonly eventBytes: number;
  readonly heartbeatSeconds: number;
  /** How many times per day each client reconnects, and after how long: it is sent what was emitted meanwhile. */
  readonly reconnectsPerDay: number;
  readonly awaySeconds: number;
}

export const USUAL: Load = {
  clients: 1_000,
  eventsPerSecond: 1,
  channels: 1,
  withIds: false,
  eventsPerPost: 1,
  eventBytes: 500,
  heartbeatSeconds: 30,
  reconnectsPerDay: 2,
  awaySeconds: 60,
};

/** Usage of a month, before what the plan includes is subtracted. */
export interface Usage {
  readonly workerRequests: number;
  readonly workerCpuMs: number;
  readonly hubRequests: number;
  /** Active. */
  readonly hubGbSeconds: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly storedGb: number;
  /** Idle in memory, at most: free by the price list, and not measurable from inside. */
  readonly idleGbSeconds: number;
  /** Pings that the runtime answers, if 20 of them were billed as a request: the price list does not say. */
  readonly pingRequests: number;
}

export function usageOf(load: Load): Usage {
  const { clients, channels, heartbeatSeconds } = load;
  const events = load.eventsPerSecond * MONTH_S;
  const posts = events / load.eventsPerPost;
  const upgrades = clients * load.reconnectsPerDay * 30;
  const kept = keptIn(load);
  const missed = Math.min(kept.events, (load.eventsPerSecond / channels) * load.awaySeconds);
  const acks = upgrades * Math.max(0, Math.ceil((missed * load.eventBytes) / PAGE_BYTES) - 1); // the last page needs no ack
  const inUse = Math.min(channels, clients);
  const alarms = inUse * alarmsOf(heartbeatSeconds) + (channels - inUse) * (MONTH_S / 3600);
  const hubRequests = posts + upgrades + alarms + acks / MESSAGES_PER_REQUEST;

  const ids = load.withIds ? events : 0;
  const isDeletedEarly = kept.seconds < REMEMBERED_S;
  const rowsWritten =
    events * (ROWS.event + 2 / ROWS.eventsPerCount) +
    ids * (ROWS.id + (isDeletedEarly ? ROWS.remembered : 0)) +
    alarms * ROWS.alarm;

  const calls = posts + upgrades + alarms + acks; // each may wake the hub
  const wakes = Math.min(calls, (channels * MONTH_S) / KEPT_AWAKE_S);
  const rowsRead = events * MEASURED.rowsReadPerEvent + upgrades * missed + wakes * (ROWS.eventsPerCount + 20);

  const postMs = MEASURED.postMs + (load.eventsPerPost - 1) * MEASURED.furtherEventMs;
  const flushMs = 2 * MEASURED.frameMs * (clients / channels); // and the pause after it, which is as long
  const workMs =
    posts * (postMs + flushMs) + (upgrades + acks) * MEASURED.postMs + alarms * (MEASURED.postMs + flushMs);
  const hubSeconds = channels * MONTH_S;
  const workSeconds = Math.min(workMs / 1000, hubSeconds);

  return {
    workerRequests: posts + upgrades,
    workerCpuMs: posts * postMs + upgrades * MEASURED.postMs,
    hubRequests,
    hubGbSeconds: workSeconds * HUB_GB,
    idleGbSeconds: Math.min(calls * KEPT_AWAKE_S, hubSeconds - workSeconds) * HUB_GB,
    rowsRead,
    rowsWritten,
    storedGb: (channels * kept.storedBytes) / 1e9,
    pingRequests: (clients * MONTH_S) / PING_EVERY_S / MESSAGES_PER_REQUEST,
  };
}

/** What each channel keeps: bounded by number, age or size, whichever is reached first. */
function keptIn({ eventsPerSecond, channels, eventBytes, withIds }: Load) {
  const rate = eventsPerSecond / channels;
  const events = Math.min(KEPT.events, rate * KEPT.seconds, KEPT.bytes / eventBytes);
  const storedBytes = events * (eventBytes * MEASURED.storedFactor + (withIds ? MEASURED.storedIdBytes : 0));
  return { events, seconds: rate === 0 ? KEPT.seconds : events / rate, storedBytes };
}

/** Of a channel with subscribers. Retention is due on the hour: in the alarm of a heartbeat that is due then, or its own. */
function alarmsOf(heartbeatSeconds: number): number {
  const every = heartbeatSeconds || SWEEP_EVERY_S;
  return MONTH_S / every + (3600 % every === 0 ? 0 : MONTH_S / 3600);
}
