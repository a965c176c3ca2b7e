// What both ends of a wire may count on: sizes in bytes of UTF-8, times in milliseconds.

const KIB = 1024;

/** One event as stored. A quarter of what SQLite's 2 MB rows would take, and four frames on the wire at most. */
export const MAX_EVENT_BYTES = 256 * KIB;

/** What PHP and Python read by default, and a browser's JSON.stringify writes: deeper data would break its readers. */
export const MAX_DATA_DEPTH = 500;

/** One emit, whole: it is parsed in memory, and an isolate has 128 MB for everything. */
export const MAX_REQUEST_BYTES = 4 * KIB * KIB;

/** One emit: its appends are one turn and one transaction, about 10 ms. */
export const MAX_REQUEST_EVENTS = 1_000;

/** A publisher's own `source` and `id` are remembered for so long, also if their event is let go sooner. */
export const REMEMBER_MS = 10 * 60 * 1000;

/** A `source` or an `id`. */
export const MAX_NAME_BYTES = 256;

/** What the hub sends in one frame, unless a single event is larger: a page that a phone can take in at once. */
export const MAX_FRAME_BYTES = 64 * KIB;

/** What a client may send in one message. The runtime would take 32 MiB and hand it over whole. */
export const MAX_MESSAGE_BYTES = 64 * KIB;

/** Patterns asked for and allowed, together, as JSON: half of what a socket's attachment holds (16,384 bytes). */
export const MAX_PATTERNS_BYTES = 8 * KIB;

/** What an old page is replayed at once; it cannot acknowledge, so it comes back for the rest. */
export const MAX_LEGACY_REPLAY_BYTES = 256 * KIB;

/** A live socket that has more than this waiting from before is too slow to be sent events as they come. */
export const MAX_BUFFERED_BYTES = 128 * KIB;

/** Where the runtime does not tell what waits on a socket: a client acknowledges after so much, well below that cap. */
export const ACK_EVERY_BYTES = 32 * KIB;

/** The same for an old page, which cannot acknowledge: so much may be sent to it for every `ping` that was seen. */
export const MAX_LEGACY_BYTES_PER_PING = 512 * KIB;

/** What one turn of sending may add to all sockets together: frame bytes × sockets. It copies them all. */
export const MAX_FLUSH_BYTES = 8 * KIB * KIB;

/** What may wait on all sockets together before sending itself waits: a quarter of the 128 MB that a hub has. */
export const MAX_WAITING_BYTES = 32 * KIB * KIB;

/** A socket on which so much waits gets no more answers: eight pages of a reader that catches up, of the largest events. */
export const MAX_UNANSWERED_BYTES = 4 * KIB * KIB;

/** A quiet reader is told its progress at the latest after so many events that it does not hear. */
export const PROGRESS_EVERY_EVENTS = 1_000;

/** A client that sent nothing for so long (± 10 %) sends `ping`: below every proxy's idle cut that we know of (60 s). */
export const PING_AFTER_MS = 25_000;
