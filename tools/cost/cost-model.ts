// The usage of Cloudflare by a load in a month, from measurements of the hub. docs/cost.md has the origin of each figure.

/** Rows, as the runtime counts them: `test/workerd/hub/usage-counters.test.ts` measures these. */
export const ROWS = {
  /** A commit of up to 32 kB, however many events it has. */
  commit: 1,
  /** A segment: a commit, or as many small ones as share a page of SQLite. */
  deletion: 1,
  /** What is noted of an event with an id that is deleted within ten minutes: up to a thousand are a row, which is deleted too. */
  note: 4 / 1_000,
  /** The alarm itself, and the usage counters. */
  alarm: 2,
  /** The usage counters, and the seq up to which events are deleted, are written once per this many events each. */
  eventsPerCount: 1_000,
} as const;

/** Measured once, on a machine with two cores (docs/cost.md): no test measures time. */
const MEASURED = {
  rowsReadPerCommit: 1,
  rowsReadPerDeletion: 3,
  /** CPU time of Worker, hub and kernel together, for a POST of one event, and for each further event in it. */
  postMs: 1,
  furtherEventMs: 0.03,
  /** CPU time to send one frame to one socket. */
  frameMs: 0.04,
  /** The most that an event takes on disk, as a multiple of its bytes. */
  storedFactor: 1.4,
} as const;

/** Segments (SPEC L7): what one row holds of a commit, and how much of small commits, less what is not events. */
const SEGMENT_BYTES = 31_880;
const SHARED_BYTES = 3_700;
const SHARED_S = 15 * 60;

/** SPEC L7, P1, A3 and I4. */
const KEPT = { events: 100_000, seconds: 72 * 3600, bytes: 256 * 2 ** 20 };
const PAGE_BYTES = 32_000;
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

  const notes = load.withIds && kept.seconds < REMEMBERED_S ? events : 0;
  const commits = posts * Math.ceil((load.eventsPerPost * load.eventBytes) / SEGMENT_BYTES);
  const segments = commits / commitsPerSegment(load);
  const rowsWritten =
    commits * ROWS.commit +
    segments * ROWS.deletion +
    events * (2 / ROWS.eventsPerCount) +
    notes * ROWS.note +
    alarms * ROWS.alarm;

  const calls = posts + upgrades + alarms + acks; // each may wake the hub
  const wakes = Math.min(calls, (channels * MONTH_S) / KEPT_AWAKE_S);
  const eventsPerRow = events === 0 ? 1 : events / segments;
  const rowsRead =
    commits * MEASURED.rowsReadPerCommit +
    segments * MEASURED.rowsReadPerDeletion +
    upgrades * Math.ceil(missed / eventsPerRow) +
    wakes * (ROWS.eventsPerCount / eventsPerRow + 20);

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

/** How many POSTs share a segment. As if each were committed alone: those that arrive together are one commit, and cost less. */
export function commitsPerSegment({ eventBytes, eventsPerPost, eventsPerSecond, channels }: Load): number {
  const perPage = Math.floor(SHARED_BYTES / (eventBytes * eventsPerPost));
  const perSpan = Math.floor((eventsPerSecond / eventsPerPost / channels) * SHARED_S);
  return Math.max(1, Math.min(perPage, perSpan));
}

/** What each channel keeps: bounded by number, age or size, whichever is reached first. */
function keptIn({ eventsPerSecond, channels, eventBytes }: Load) {
  const rate = eventsPerSecond / channels;
  const events = Math.min(KEPT.events, rate * KEPT.seconds, KEPT.bytes / eventBytes);
  const storedBytes = events * eventBytes * MEASURED.storedFactor;
  return { events, seconds: rate === 0 ? KEPT.seconds : events / rate, storedBytes };
}

/** Of a channel with subscribers. Retention is due on the hour: in the alarm of a heartbeat that is due then, or its own. */
function alarmsOf(heartbeatSeconds: number): number {
  const every = heartbeatSeconds || SWEEP_EVERY_S;
  return MONTH_S / every + (3600 % every === 0 ? 0 : MONTH_S / 3600);
}
