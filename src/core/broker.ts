// The hub's mind: what happens when an event is emitted and when a socket comes, speaks and goes. Third step of an event's way.
import { type Cursor, formatCursor } from "../wire/cursor.ts";
import type { Draft } from "../wire/draft.ts";
import { MAX_MESSAGE_BYTES, PING_AFTER_MS } from "../wire/limits.ts";
import { encodeEcho, encodeOldWelcome } from "../wire/old-dialect.ts";
import { PROBLEMS, refuse } from "../wire/problem.ts";
import { encodeError, encodeWelcome } from "../wire/server-frame.ts";
import { utf8Bytes } from "../wire/utf8.ts";
import { Audience, type Dialect, type Reader } from "./audience.ts";
import { fanOut } from "./fan-out.ts";
import type { EventLog } from "./log.ts";
import type { Interest } from "./match.ts";
import type { Moment } from "./moment.ts";
import { retryFor } from "./retry.ts";
import { type Socket, sendQuietly } from "./socket.ts";
import { stamp } from "./stamp.ts";

/** What a publisher is told of its events, in their order; `cursor` is that of the highest seq. */
export interface Receipt {
  readonly cursor: string;
  readonly events: readonly { readonly id: string; readonly seq: number; readonly duplicate: boolean }[];
}

/** What a socket brings when it attaches. */
export interface Attaching extends Interest {
  readonly clientId: string;
  readonly dialect: Dialect;
  readonly channel: string;
}

/** What the status pages tell of a channel. Times in ms since 1970, `null` before the first event. */
export interface HubStatus {
  readonly connections: number;
  readonly emitted: number;
  readonly bornMs: number | null;
  readonly lastMs: number | null;
}

export class Broker<S extends Socket> {
  readonly #audience = new Audience<S>();
  readonly #log: EventLog;

  /** @param log the channel's log, whose word on what has happened is the only one: all else here can be made again */
  constructor(log: EventLog) {
    this.#log = log;
  }

  /**
   * Appends, then sends: nothing moves and nobody sees anything unless the log took all of `drafts`.
   *
   * @param drafts at least one
   * @param freshEpoch used if these are the log's first events
   * @throws what the log throws; then nothing was stored
   */
  emit(drafts: readonly Draft[], at: Moment, freshEpoch: () => string): Receipt {
    const { epoch: known, seq: before } = this.#log.cursor;
    const epoch = known === "0" ? freshEpoch() : known;
    const events = drafts.map((draft, index) => stamp(draft, epoch, before + 1 + index, at));
    this.#log.append(events, epoch, at.ms);
    fanOut(this.#audience, events, this.#log.cursor);
    return {
      cursor: formatCursor(this.#log.cursor),
      events: events.map(({ id, seq }) => ({ id, seq, duplicate: false })),
    };
  }

  /** Welcomes a new socket at the head. @returns what its attachment must hold for `restore` */
  attach(socket: S, attaching: Attaching, at: Moment): Reader {
    const { clientId, dialect, channel, asked, allowed } = attaching;
    const head: Cursor = this.#log.cursor;
    const reader: Reader = { clientId, dialect, asked, allowed, told: head.seq };
    this.#audience.add(socket, reader);
    const welcome = {
      message: "Connected to PulseAI Reactor",
      client_id: clientId,
      timestamp: at.iso,
      channel,
      cursor: formatCursor(head),
      recovered: null,
      heartbeat_ms: PING_AFTER_MS,
      retry: retryFor(this.#audience.size),
    };
    socket.send(dialect === "v1" ? encodeWelcome(welcome) : encodeOldWelcome(welcome));
    return reader;
  }

  /** Takes back a socket that outlived the object's memory. */
  restore(socket: S, reader: Reader): void {
    this.#audience.add(socket, reader);
  }

  /** A message that the runtime did not answer by itself, as it does with `ping`. */
  hear(socket: S, message: string | ArrayBuffer): void {
    const dialect = this.#audience.dialectOf(socket);
    if (dialect === undefined) return; // it was closed, and this was already on its way
    if (typeof message !== "string" || utf8Bytes(message) > MAX_MESSAGE_BYTES) {
      this.#audience.remove(socket);
      socket.close(PROBLEMS.protocol_error.close, `Messages are text of at most ${MAX_MESSAGE_BYTES} bytes.`);
    } else if (dialect === "old") sendQuietly(socket, encodeEcho(message));
    else sendQuietly(socket, encodeError(refuse("unknown_message", "This hub does not know that message.").problem));
  }

  /** Forgets a socket that closes or broke. */
  leave(socket: S): void {
    this.#audience.remove(socket);
  }

  get status(): HubStatus {
    const { cursor, bornMs, lastMs } = this.#log;
    return { connections: this.#audience.size, emitted: cursor.seq, bornMs, lastMs };
  }
}
