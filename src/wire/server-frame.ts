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

/**
 * The subprotocol to offer in the handshake. A socket that offers none is taken for a legacy page, whose frames are others.
 *
 * @example
 * ```ts
 * import { SUBPROTOCOL } from "pulse-reactor/wire";
 *
 * const socket = new WebSocket("wss://events.example.org/ws/stream?events=news_*", SUBPROTOCOL);
 * socket.addEventListener("open", () => console.log(socket.protocol)); // → reactor.v1
 * ```
 */
export const SUBPROTOCOL = "reactor.v1";

/**
 * The same, in which a binary message is a `reactor_events`, compressed as one raw stream of RFC 1951 (DEFLATE). Text messages are
 * frames as ever: what is small, or goes to few, is not compressed. Offer it before `SUBPROTOCOL`; the hub takes the first that it has.
 *
 * @example
 * ```ts
 * import { DEFLATE_SUBPROTOCOL, SUBPROTOCOL } from "pulse-reactor/wire";
 *
 * // The frame of a binary message. Inflating takes turns: keep the messages in their order.
 * const inflate = (data: Blob) => new Response(data.stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
 *
 * const socket = new WebSocket("wss://events.example.org/ws/stream", [DEFLATE_SUBPROTOCOL, SUBPROTOCOL]);
 * let inOrder = Promise.resolve();
 * socket.addEventListener("message", ({ data }) => {
 *   inOrder = inOrder.then(async () => {
 *     const text = typeof data === "string" ? data : await inflate(data);
 *     if (text.includes("reactor_connected")) console.log(socket.protocol); // → reactor.v1.deflate
 *   });
 * });
 * ```
 */
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

/**
 * A token may be offered beside it, as `reactor.token.<jwt>`: the only part of a handshake that a page controls. Programs may send
 * `Authorization: Bearer` instead.
 *
 * @example
 * ```ts
 * import { SUBPROTOCOL, TOKEN_SUBPROTOCOL } from "pulse-reactor/wire";
 *
 * const token = await fetch("/my/token").then((reply) => reply.text());
 * const socket = new WebSocket("wss://events.example.org/ws/stream", [SUBPROTOCOL, TOKEN_SUBPROTOCOL + token]);
 * socket.addEventListener("open", () => console.log(socket.protocol)); // → reactor.v1
 * ```
 */
export const TOKEN_SUBPROTOCOL = "reactor.token.";

/**
 * Patterns that a URL has no room for, offered beside it as `reactor.events.<base64url>`: comma-separated, in UTF-8, without padding.
 *
 * @example
 * ```ts
 * import { EVENTS_SUBPROTOCOL, SUBPROTOCOL } from "pulse-reactor/wire";
 *
 * const base64 = btoa(["news_*", "digest_created"].join(",")); // of patterns in ASCII
 * const events = EVENTS_SUBPROTOCOL + base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
 * console.log(events); // → reactor.events.bmV3c18qLGRpZ2VzdF9jcmVhdGVk
 *
 * const socket = new WebSocket("wss://events.example.org/ws/stream", [SUBPROTOCOL, events]);
 * socket.addEventListener("open", () => console.log(socket.protocol)); // → reactor.v1
 * ```
 */
export const EVENTS_SUBPROTOCOL = "reactor.events.";

/**
 * The first frame on a socket.
 *
 * @example
 * ```ts
 * import { decodeServerFrame, SUBPROTOCOL, type Welcome } from "pulse-reactor/wire";
 *
 * const describe = ({ channel, recovered }: Welcome) => `${channel}, ${recovered === false ? "reset" : "complete"}`;
 *
 * const socket = new WebSocket("wss://events.example.org/ws/stream", SUBPROTOCOL);
 * socket.addEventListener("message", ({ data }) => {
 *   const frame = decodeServerFrame(data);
 *   if (frame?.type === "reactor_connected") console.log(describe(frame.data)); // → main, complete
 * });
 * ```
 */
export interface Welcome {
  /** A sentence for a developer who reads frames. */
  readonly message: string;
  /** Of this socket, for logs. */
  readonly client_id: string;
  /** ISO 8601. */
  readonly timestamp: string;
  /** The one that the socket listens to. */
  readonly channel: string;
  /** The receiver's cursor now. */
  readonly cursor: string;
  /** `true`: the cursor it asked for. `false`: another, and a reset follows. `null`: it asked for none, and it is where it begins. */
  readonly recovered: boolean | null;
  /** After so long without a message of its own a client sends `ping`. */
  readonly heartbeat_ms: number;
  /** How to reconnect: within `first_ms` at random, later within base·2ⁿ, never more than `max_ms`. */
  readonly retry: Retry;
  /** After how many UTF-16 units of frames an `ack` is due. `null`: only frames marked `more` ask for one. */
  readonly ack: null | { readonly bytes: number };
}

/**
 * How the hub wants clients to reconnect: all that lose their connections together are not to come back together.
 *
 * @example
 * ```ts
 * import type { Retry } from "pulse-reactor/wire";
 *
 * // How long to wait, at most, after so many attempts that failed.
 * const windowMs = ({ first_ms, base_ms, max_ms }: Retry, failed: number) =>
 *   Math.max(first_ms, failed === 0 ? 0 : Math.min(max_ms, base_ms * 2 ** failed));
 *
 * const retry: Retry = { first_ms: 1_000, base_ms: 500, max_ms: 20_000 };
 * console.log(windowMs(retry, 0), windowMs(retry, 3), windowMs(retry, 9)); // → 1000 4000 20000
 * setTimeout(() => {}, Math.random() * windowMs(retry, 0)); // at random within it
 * ```
 */
export interface Retry {
  /** The window of the first attempt, and the least one. */
  readonly first_ms: number;
  /** Doubled for each attempt that failed. */
  readonly base_ms: number;
  /** The largest window. */
  readonly max_ms: number;
}

/**
 * A range of the log: every event of (`after`, `cursor`] that matches is here, or was sent before on this connection. `applyRange`
 * says what it means to a receiver.
 *
 * @example
 * ```ts
 * import type { EventsFrame } from "pulse-reactor/wire";
 *
 * const describe = ({ after, cursor, events }: EventsFrame) => `(${after}, ${cursor.seq}]: ${events.length} match`;
 *
 * const cursor = { epoch: "k3x9", seq: 60 };
 * console.log(describe({ type: "reactor_events", after: 44, cursor, events: [], more: false })); // → (44, 60]: 0 match
 * ```
 */
export interface EventsFrame {
  /** What tells it from other frames. */
  readonly type: "reactor_events";
  /** The seq behind which the range begins. */
  readonly after: number;
  /** Where it ends. */
  readonly cursor: Cursor;
  /** In the order of the log; ephemeral ones among them, which have no seq. */
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

/**
 * The answer to a `subscribe`: from `cursor` on the new set holds, and the receiver takes that cursor.
 *
 * @example
 * ```ts
 * import { decodeServerFrame, encodeSubscribe, SUBPROTOCOL, type Subscribed } from "pulse-reactor/wire";
 *
 * const describe = ({ events }: Subscribed) => `to ${events.join(" and ")}`;
 *
 * const socket = new WebSocket("wss://events.example.org/ws/stream?events=chat", SUBPROTOCOL);
 * socket.addEventListener("open", () => socket.send(encodeSubscribe(["digest_*", "news_*"])));
 * socket.addEventListener("message", ({ data }) => {
 *   const frame = decodeServerFrame(data);
 *   if (frame?.type === "reactor_subscribed") console.log(describe(frame.data)); // → to digest_* and news_*
 * });
 * ```
 */
export interface Subscribed {
  /** The set that holds now; empty: everything. */
  readonly events: readonly string[];
  /** A sentence for a developer who reads frames. */
  readonly message: string;
  /** The receiver's cursor now. */
  readonly cursor: string;
}

/** The client's reference of a message, by which it knows the answer: a number, or a string of at most 256 UTF-16 units. */
export type Ref = number | string | null;

/**
 * The answer to an `emit`: where the event is in the log. It does not move the receiver's cursor.
 *
 * @example
 * ```ts
 * import { decodeServerFrame, type Emitted, encodeEmit, SUBPROTOCOL, TOKEN_SUBPROTOCOL } from "pulse-reactor/wire";
 *
 * const describe = ({ ref, id, duplicate }: Emitted) => `${ref}: ${id}${duplicate ? ", again" : ""}`;
 *
 * const token = await fetch("/my/token").then((reply) => reply.text());
 * const socket = new WebSocket("wss://events.example.org/ws/stream", [SUBPROTOCOL, TOKEN_SUBPROTOCOL + token]);
 * socket.addEventListener("open", () => socket.send(encodeEmit(1, { type: "chat_message", id: "c0ffee" })));
 * socket.addEventListener("message", ({ data }) => {
 *   const frame = decodeServerFrame(data);
 *   if (frame?.type === "reactor_emitted") console.log(describe(frame.data)); // → 1: c0ffee
 * });
 * ```
 */
export interface Emitted {
  /** The `ref` of the `emit`. */
  readonly ref: unknown;
  /** The position of the event: its `seq` is in there. */
  readonly cursor: string;
  /** That of the event in the log. */
  readonly id: string;
  /** `true`: it was in the log already, by an earlier `emit` with the same id. */
  readonly duplicate: boolean;
}

/**
 * An event that was taken out of the log: a client that shows it should show it no longer. It does not move the receiver's cursor.
 *
 * @example
 * ```ts
 * import { decodeServerFrame, parseCursor, type RemovedEvent } from "pulse-reactor/wire";
 *
 * const seqOf = ({ cursor }: RemovedEvent) => parseCursor(cursor)?.seq;
 *
 * const frame = decodeServerFrame('{"type":"reactor_removed","data":{"cursor":"k3x9.41"}}');
 * if (frame?.type === "reactor_removed") console.log(seqOf(frame.data)); // → 41
 * ```
 */
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

/**
 * What a hub sends to a socket of `reactor.v1`. `cursor` is that of `data`, parsed.
 *
 * @example
 * ```ts
 * import { decodeServerFrame, formatCursor, type ServerFrame } from "pulse-reactor/wire";
 *
 * // Whether a client takes the frame's cursor for its own. That of the welcome it takes if it has none.
 * const moves = ({ type }: ServerFrame) => ["reactor_events", "reactor_reset", "reactor_subscribed"].includes(type);
 *
 * const frame = decodeServerFrame('{"type":"reactor_reset","data":{"reason":"ahead","oldest":"k3x9.9","cursor":"k3x9.41"}}');
 * if (frame?.type === "reactor_reset") console.log(moves(frame), formatCursor(frame.cursor)); // → true k3x9.41
 * ```
 */
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

/**
 * Reads JSON, as `JSON.parse` does.
 *
 * @example
 * ```ts
 * import { decodeServerFrame, type Parse } from "pulse-reactor/wire";
 *
 * // Integers beyond 2⁵³ as they were written.
 * const exactly: Parse = (text) =>
 *   JSON.parse(text, (_key, value, context?: { source: string }) =>
 *     Number.isInteger(value) && !Number.isSafeInteger(value) ? (context?.source ?? value) : value,
 *   );
 *
 * const text = '{"type":"reactor_events","after":0,"cursor":"k3x9.1","events":[{"data":12345678901234567890,"seq":1}]}';
 * const frame = decodeServerFrame(text, exactly);
 * if (frame?.type === "reactor_events") console.log(frame.events[0]?.data); // → 12345678901234567890
 * ```
 */
export type Parse = (text: string) => unknown;

/**
 * The frame in `text`, or `undefined` for what is none: `pong`, JSON that is none, a frame that lacks what a client needs, or one that
 * is not known yet, as a newer hub may send. It never throws. The members of events are not checked: the hub has.
 *
 * @param parse reads the text; default: `JSON.parse`
 *
 * @example
 * ```ts
 * import { decodeServerFrame } from "pulse-reactor/wire";
 *
 * console.log(decodeServerFrame("pong")); // → undefined
 * const frame = decodeServerFrame('{"type":"reactor_events","after":41,"cursor":"k3x9.44","events":[],"more":true}');
 * if (frame?.type === "reactor_events") console.log(frame.cursor.seq, frame.more); // → 44 true
 * ```
 */
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
