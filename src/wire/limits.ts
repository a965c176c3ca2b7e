// The limits that both ends rely on: sizes in bytes of UTF-8, times in ms.

const KIB = 1024;

/**
 * The largest frame, that of the largest event: stock clients take messages of 256 KiB (Perl's Mojo::UserAgent), and close with
 * 1009 at more, and again when they resume.
 */
export const MAX_LARGEST_FRAME_BYTES = 256 * KIB;

/** One event as stored. A frame adds less than 512 bytes. */
export const MAX_EVENT_BYTES = MAX_LARGEST_FRAME_BYTES - 512;

/** What PHP and Python parse by default, and a browser's JSON.stringify writes: deeper data would break its readers. */
export const MAX_DATA_DEPTH = 500;

/** One emit, whole: it is parsed in memory, and an isolate has 128 MB for everything. */
export const MAX_REQUEST_BYTES = 4 * KIB * KIB;

/** One emit: its appends are one turn and one transaction of about 10 ms. */
export const MAX_REQUEST_EVENTS = 1_000;

/** How long a publisher's `source` and `id` are known at least, also if their event is deleted sooner. */
export const REMEMBER_MS = 10 * 60 * 1000;

/** A `source` or an `id`. */
export const MAX_NAME_BYTES = 256;

/** A frame of several events: Go's `coder/websocket` takes messages of 32 KiB by default, and closes with 1009 at more. */
export const MAX_FRAME_BYTES = 32_000;

/** The largest message of a client. The runtime would accept 32 MiB. */
export const MAX_MESSAGE_BYTES = 64 * KIB;

/** Patterns asked for and allowed, together, as JSON: half of what a socket's attachment holds (16,384 bytes). */
export const MAX_PATTERNS_BYTES = 8 * KIB;

/**
 * What the patterns of all sockets of a channel may take in its hub, as `core/fanout/pattern-budget` weighs them: a quarter of the
 * 128 MB that it has. 30,000 sockets with two patterns of 20 letters each of their own take 18 MB.
 */
export const MAX_ALL_PATTERNS_BYTES = 32 * KIB * KIB;

/** The replay of a legacy page; it cannot acknowledge, so it reconnects for the rest. */
export const MAX_LEGACY_REPLAY_BYTES = 256 * KIB;

/** A live socket with more than this buffered from earlier turns lags, and catches up instead. */
export const MAX_BUFFERED_BYTES = 128 * KIB;

/** Where the runtime has no `bufferedAmount`: a client acknowledges after so much, well below that cap. */
export const ACK_EVERY_BYTES = 32 * KIB;

/** The same for a legacy page, which cannot acknowledge: so much may be sent per `ping`. */
export const MAX_LEGACY_BYTES_PER_PING = 512 * KIB;

/** What one turn of sending may add to all sockets together: frame bytes × sockets. It copies them all. */
export const MAX_FLUSH_BYTES = 8 * KIB * KIB;

/** What may be buffered on all sockets together before flushes wait: a quarter of the 128 MB that a hub has. */
export const MAX_WAITING_BYTES = 32 * KIB * KIB;

/** A socket with more than this buffered gets no more answers: eight pages of the largest events. */
export const MAX_UNANSWERED_BYTES = 4 * KIB * KIB;

/** A quiet subscriber is sent its progress at the latest after so many events that do not match. */
export const PROGRESS_EVERY_EVENTS = 1_000;

/** Or, where that is more, after ten for each live subscriber: then a tenth of an empty frame is sent for each event. */
export const PROGRESS_EVENTS_PER_SUBSCRIBER = 10;

/** A client that sent nothing for so long (± 10 %) sends `ping`: below the idle timeout of every proxy that we know of (60 s). */
export const PING_AFTER_MS = 25_000;

/** How many of the newest events may be asked for with `last`: as many as a page of history holds. */
export const MAX_LAST_EVENTS = 1_000;
