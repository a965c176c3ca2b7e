// One tab's socket, as the holder of the connection has it: what it asked for, how far it was served, and what is on its way to it.
import { type Cursor, formatCursor, parseCursor } from "../wire/cursor.ts";
import {
  EVENTS_SUBPROTOCOL,
  type EventsFrame,
  encodeEvents,
  encodeSubscribed,
  encodeWelcome,
  type Welcome,
} from "../wire/server-frame.ts";
import { matchesType } from "../wire/type-match.ts";
import { textOfBase64Url } from "./base64url-text.ts";
import type { Tell } from "./tab-message.ts";

/** A tab that has not acknowledged so many UTF-16 units is frozen or slow: what comes is read from the log once it has. */
const MAX_UNITS = 1_048_576;

/** How often a tab acknowledges, in the same units. */
const ACK_UNITS = 32_768;

/** A tab that was sent nothing is told at the latest every so many events how far the log has come. */
const PROGRESS_EVENTS = 500;

/**
 * - `waiting`: not welcomed; the hub does not send yet what it asks for
 * - `reading`: gets from the log what came before; what comes meanwhile is held
 * - `slow`: has too much to take in; gets nothing until it acknowledges
 * - `live`: gets what comes
 */
type Phase = "waiting" | "reading" | "slow" | "live";

/** What a welcome says that is the hub's, and the same for all tabs. */
export type Advice = Pick<Welcome, "channel" | "heartbeat_ms">;

/** To come back costs the hub nothing, so the first attempt is made at once. */
const RETRY = { first_ms: 1, base_ms: 500, max_ms: 20_000 };

export class TabSession {
  readonly id: string;
  readonly tell: Tell;
  phase: Phase = "waiting";
  /** It has all that matches up to here; `undefined` until it is welcomed, unless it resumes. */
  cursor: Cursor | undefined;
  /** It asked for so many of the newest events. */
  readonly last: string | null;
  /** What it gets; empty: everything. */
  patterns: readonly string[];
  /** What it asked for since, and is not answered. */
  readonly asking: (readonly string[])[] = [];
  heardMs: number;
  isWelcomed = false;
  /** What came while a page was asked for, to go behind it. */
  readonly held: (() => void)[] = [];
  /** Frames that it has not acknowledged. */
  readonly #sent: { readonly seq: number; readonly units: number }[] = [];
  #units = 0;

  constructor(id: string, tell: Tell, url: string, protocols: readonly string[], nowMs: number) {
    this.id = id;
    this.tell = tell;
    this.heardMs = nowMs;
    const query = new URLSearchParams(url.split("?")[1]);
    this.cursor = parseCursor(query.get("cursor"));
    this.last = query.get("last");
    const offered = protocols.find((each) => each.startsWith(EVENTS_SUBPROTOCOL));
    const listed = (offered && textOfBase64Url(offered.slice(EVENTS_SUBPROTOCOL.length))) ?? query.get("events");
    this.patterns = listed ? listed.split(",") : [];
  }

  /** All patterns that it needs the hub to send, now or soon. */
  get needed(): readonly (readonly string[])[] {
    return [this.patterns, ...this.asking];
  }

  get isSlow(): boolean {
    return this.#units > MAX_UNITS;
  }

  say(text: string): void {
    this.tell({ kind: "text", session: this.id, text });
  }

  refuse(code: string, message: string, ref: unknown = null): void {
    this.say(JSON.stringify({ type: "reactor_error", data: { code, message, ref } }));
  }

  welcome(cursor: Cursor, recovered: boolean | null, { channel, heartbeat_ms }: Advice): void {
    this.isWelcomed = true;
    this.cursor = cursor;
    const welcome: Welcome = {
      message: "Connected through another tab",
      client_id: this.id,
      timestamp: new Date().toISOString(),
      channel,
      cursor: formatCursor(cursor),
      recovered,
      heartbeat_ms,
      retry: RETRY,
      ack: { bytes: ACK_UNITS },
    };
    this.say(encodeWelcome(welcome));
  }

  /** Passes a frame on: as it came, so that the tab may read numbers as it likes, and without a gap where nothing was for this tab. */
  pass(text: string, frame: EventsFrame): void {
    const { cursor, events } = frame;
    if (events.some(({ type }) => this.#wants(type))) this.passRange(text, cursor);
    else if (cursor.seq - (this.cursor?.seq ?? 0) >= PROGRESS_EVENTS) this.progress(cursor);
  }

  /** @param text JSON with the `events` of a range that begins at its cursor */
  passRange(text: string, cursor: Cursor): void {
    const { seq } = this.cursor ?? cursor;
    // Of members with one name the last holds, and what is before them stays as it was written.
    const range = `"type":"reactor_events","after":${seq},"cursor":"${formatCursor(cursor)}","more":false`;
    const whole = `${text.trimEnd().slice(0, -1)},${range}}`;
    this.#moveTo(cursor);
    this.#units += whole.length;
    this.#sent.push({ seq: cursor.seq, units: whole.length });
    this.say(whole);
    if (this.isSlow && this.phase === "live") this.phase = "slow";
  }

  /** It has everything up to `cursor`. */
  progress(cursor: Cursor): void {
    const { seq = 0 } = this.cursor ?? {};
    if (cursor.seq <= seq) return;
    this.say(encodeEvents(seq, cursor, []));
    this.#moveTo(cursor);
  }

  acknowledged({ seq }: Cursor): void {
    for (let first = this.#sent[0]; first && first.seq <= seq; first = this.#sent[0]) {
      this.#units -= first.units;
      this.#sent.shift();
    }
  }

  /** The hub sends now what it asked for. */
  granted(): void {
    const patterns = this.asking.shift();
    if (!patterns || !this.cursor) return;
    this.patterns = patterns;
    this.say(encodeSubscribed({ events: patterns, message: "Subscribed", cursor: formatCursor(this.cursor) }));
  }

  close(code: number, reason: string): void {
    this.tell({ kind: "close", session: this.id, code, reason });
  }

  #moveTo(cursor: Cursor): void {
    const own = this.cursor;
    if (own?.epoch !== cursor.epoch || cursor.seq > own.seq) this.cursor = cursor;
  }

  #wants(type: string): boolean {
    return this.patterns.length === 0 || this.patterns.some((pattern) => matchesType(pattern, type));
  }
}
