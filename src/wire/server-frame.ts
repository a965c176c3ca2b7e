// Frames of the hub in the subprotocol `reactor.v1`, encode and decode side by side.
//
//   {"type":"reactor_connected","data":{…,"cursor":"k3x9.41","recovered":null,…}}   always first
//   {"type":"reactor_events","after":41,"cursor":"k3x9.44","events":[…]}            every matching event of (41, 44]
//   {"type":"reactor_events","after":44,"cursor":"k3x9.60","events":[…],"more":true} the same, and asks for an `ack`
//   {"type":"reactor_reset","data":{"reason":"trimmed","oldest":"k3x9.9","cursor":"k3x9.8"}}
//   {"type":"reactor_subscribed","data":{"events":["news_*"],"message":"…","cursor":"k3x9.60"}}
//   {"type":"reactor_emitted","data":{"ref":1,"cursor":"k3x9.61","id":"k3x9.61","duplicate":false}}
//   {"type":"reactor_removed","data":{"cursor":"k3x9.41"}}                          that event was taken out of the log
//   {"type":"reactor_error","data":{"code":"unknown_message","message":"…","ref":null}}
//   {"type":"reactor_error","data":{"code":"too_slow","message":"…","ref":null,"close":4408}}   the socket ends with this
import { type Cursor, formatCursor, parseCursor } from "./cursor.ts";
import type { ReactorEvent } from "./event.ts";
import { asObject, parseObject } from "./json.ts";
import type { Problem } from "./problem.ts";

export const SUBPROTOCOL = "reactor.v1";

/** The same, in which a binary message is a `reactor_events`, compressed as one raw stream of RFC 1951. */
export const DEFLATE_SUBPROTOCOL = "reactor.v1.deflate";

/** How a socket of `reactor.v1` takes frames of events: compressed where that pays, or always as text (`undefined`). */
export type Encoding = "deflate" | undefined;

/** The dialect of a handshake: of those that it offers the first that there is; `undefined`: none. */
export function chooseSubprotocol(offered: readonly string[]): string | undefined {
  return offered.find((name) => name === SUBPROTOCOL || name === DEFLATE_SUBPROTOCOL);
}

export function encodingOf(subprotocol: string | undefined): Encoding {
  return subprotocol === DEFLATE_SUBPROTOCOL ? "deflate" : undefined;
}

export function subprotocolOf(encoding: Encoding): string {
  return encoding === "deflate" ? DEFLATE_SUBPROTOCOL : SUBPROTOCOL;
}

/** A token may be offered beside it, as `reactor.token.<jwt>`: the only part of a handshake that a page controls. */
export const TOKEN_SUBPROTOCOL = "reactor.token.";

/** Patterns that a URL has no room for, as `reactor.events.<base64url>`: comma-separated, in UTF-8. */
export const EVENTS_SUBPROTOCOL = "reactor.events.";

/** The first frame on a socket. */
export interface Welcome {
  readonly message: string;
  readonly client_id: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly channel: string;
  /** The receiver's cursor now. */
  readonly cursor: string;
  /** `true`: the cursor it asked for. `false`: another, and a reset follows. `null`: it asked for none, and it is where it begins. */
  readonly recovered: boolean | null;
  /** After so long without a message of its own a client sends `ping`. */
  readonly heartbeat_ms: number;
  /** How to reconnect: within `first_ms` at random, later within base·2ⁿ, never more than `max_ms`. */
  readonly retry: Retry;
  /** `null`: only frames marked `more` ask for an acknowledgement. */
  readonly ack: null | { readonly bytes: number };
}

export interface Retry {
  readonly first_ms: number;
  readonly base_ms: number;
  readonly max_ms: number;
}

/** A range of the log: every event of (`after`, `cursor`] that matches is here, or was sent before on this connection. */
export interface EventsFrame {
  readonly type: "reactor_events";
  readonly after: number;
  readonly cursor: Cursor;
  readonly events: readonly ReactorEvent[];
  /** The log goes on behind `cursor`, and the next page comes once this one is acknowledged. */
  readonly more: boolean;
}

/**
 * Why a receiver is not at the cursor that it asked for, or had. Events may be missing: load again what the page shows.
 *
 * @example
 * ```ts
 * import { connect } from "pulse-reactor/client";
 *
 * const reactor = connect({ url: "https://events.example.org", cursor: "k3x9.41" }); // of a log that is no more
 * reactor.onReset(({ reason, cursor }) => console.log(`${reason}: go on from ${cursor}`)); // → epoch: go on from ….1
 * ```
 */
export interface Reset {
  /** `trimmed`: the events behind it were deleted; `epoch`: it is of another history; `ahead`: it is beyond the head. */
  readonly reason: "trimmed" | "epoch" | "ahead";
  /** The oldest kept event; the head where none is kept. */
  readonly oldest: string;
  /** The receiver's cursor now: just before `oldest` for `trimmed`, else the head. */
  readonly cursor: string;
}

/** The answer to a `subscribe`: from `cursor` on the new set holds. */
export interface Subscribed {
  readonly events: readonly string[];
  readonly message: string;
  readonly cursor: string;
}

/** The client's reference of a message, by which it knows the answer: a number, or a string of at most 256 UTF-16 units. */
export type Ref = number | string | null;

/** The answer to an `emit`: where the event is in the log. It does not move the receiver's cursor. */
export interface Emitted {
  /** The `ref` of the `emit`. */
  readonly ref: unknown;
  readonly cursor: string;
  readonly id: string;
  readonly duplicate: boolean;
}

/** An event that was taken out of the log: a client that shows it should show it no longer. It does not move the receiver's cursor. */
export interface RemovedEvent {
  /** The position of the event: its `seq` is in there. */
  readonly cursor: string;
}

/**
 * What the hub has refused, and why.
 *
 * @example
 * ```ts
 * import { connect } from "pulse-reactor/client";
 *
 * const reactor = connect({ url: "https://events.example.org" });
 * reactor.onError(({ code }) => console.log(code)); // → unknown_message
 * reactor.onState((state) => state === "connected" && reactor.send("make_coffee", { cups: 2 }));
 * ```
 */
export interface ErrorData {
  /** A stable code, such as `bad_pattern`, `unknown_message`, `forbidden` or `rate_limited`. */
  readonly code: string;
  /** A sentence for a developer: what was wrong and what to do. */
  readonly message: string;
  /** That of the refused message; `null` without one. */
  readonly ref: unknown;
  /** The code with which the hub is about to close this socket. The close event may come 10 s later: this is the end. */
  readonly close?: number;
}

export type ServerFrame =
  | { readonly type: "reactor_connected"; readonly data: Welcome; readonly cursor: Cursor }
  | EventsFrame
  | { readonly type: "reactor_reset"; readonly data: Reset; readonly cursor: Cursor }
  | { readonly type: "reactor_subscribed"; readonly data: Subscribed; readonly cursor: Cursor }
  | { readonly type: "reactor_emitted"; readonly data: Emitted; readonly cursor: Cursor }
  | { readonly type: "reactor_removed"; readonly data: RemovedEvent; readonly cursor: Cursor }
  | { readonly type: "reactor_error"; readonly data: ErrorData };

export function encodeWelcome(welcome: Welcome): string {
  return JSON.stringify({ type: "reactor_connected", data: welcome });
}

/**
 * @param events events as JSON texts, as the log keeps them: they are joined, never parsed again
 * @param more whether the receiver is to acknowledge this frame, for the next one to come
 */
export function encodeEvents(after: number, cursor: Cursor, events: readonly string[], more = false): string {
  const range = `"after":${after},"cursor":"${formatCursor(cursor)}"`;
  return `{"type":"reactor_events",${range},"events":[${events.join(",")}]${more ? ',"more":true' : ""}}`;
}

/**
 * What `encodeEvents` adds to its events and their commas at most, in bytes: 58 of keys, two seqs of 16, an epoch of
 * 16 with its dot, 12 for `more`.
 */
export const EVENTS_FRAME_BYTES = 58 + 16 + 16 + 16 + 1 + 12;

export function encodeReset(reset: Reset): string {
  return JSON.stringify({ type: "reactor_reset", data: reset });
}

export function encodeSubscribed(subscribed: Subscribed): string {
  return JSON.stringify({ type: "reactor_subscribed", data: subscribed });
}

export function encodeEmitted(emitted: Emitted): string {
  return JSON.stringify({ type: "reactor_emitted", data: emitted });
}

export function encodeRemoved(removed: RemovedEvent): string {
  return JSON.stringify({ type: "reactor_removed", data: removed });
}

/** @param close the code with which the hub is about to close the socket, if it is */
export function encodeError(problem: Problem, ref: Ref = null, close?: number): string {
  return JSON.stringify({ type: "reactor_error", data: { code: problem.code, message: problem.detail, ref, close } });
}

/** Reads JSON, as `JSON.parse` does. */
export type Parse = (text: string) => unknown;

/** The frame in `text`, or `undefined` for an unknown one: a newer hub may send those. */
export function decodeServerFrame(text: string, parse?: Parse): ServerFrame | undefined {
  const frame = parseObject(text, parse) ?? {};
  const { type } = frame;
  if (type === "reactor_events") {
    const { after, events, more } = frame;
    const cursor = parseCursor(frame.cursor);
    if (!cursor || typeof after !== "number" || !Array.isArray(events) || !events.every(asObject)) return undefined;
    return { type, after, cursor, events, more: more === true };
  }
  const data = asObject(frame.data);
  if (!data || !isRight(type, data)) return undefined;
  if (type === "reactor_error") return { type, data } as unknown as ServerFrame;
  const cursor = parseCursor(data.cursor);
  return cursor && ({ type, data, cursor } as unknown as ServerFrame);
}

/** Whether `data` has what a client needs of a frame of that type. A timer of NaN ms would fire at once, without end. */
function isRight(type: unknown, data: Readonly<Record<string, unknown>>): boolean {
  const { code, close = 0, events, heartbeat_ms, id, message, oldest, reason, retry } = data;
  switch (type) {
    case "reactor_connected": {
      const { first_ms, base_ms, max_ms } = asObject(retry) ?? {};
      return [heartbeat_ms, first_ms, base_ms, max_ms].every((ms) => typeof ms === "number" && ms > 0);
    }
    case "reactor_reset":
      return areTexts(reason, oldest);
    case "reactor_subscribed":
      return Array.isArray(events) && areTexts(...events);
    case "reactor_emitted":
      return areTexts(id);
    case "reactor_error":
      return areTexts(code, message) && typeof close === "number";
    default:
      return type === "reactor_removed";
  }
}

function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === "string");
}
