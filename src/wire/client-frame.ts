// Messages of a client in the subprotocol `reactor.v1`, encode and decode side by side.
//
//   {"type":"subscribe","data":{"events":["news_*"]}}   replaces the whole set; an empty one is everything
//   {"type":"ack","data":{"cursor":"k3x9.44"}}          everything up to here was received
//   {"type":"emit","ref":1,"data":{"type":"chat","data":{…},"id":"…"}}   an event; `ref` comes back with the answer
//   {"type":"auth","data":{"token":"…"}}                a fresh token, for the same socket
import { type Cursor, formatCursor, parseCursor } from "./cursor.ts";
import { asObject, parseObject } from "./json.ts";
import { type Patterns, parseAsked } from "./pattern.ts";
import { err, ok, type Result } from "./problem.ts";

export type ClientFrame =
  | { readonly type: "subscribe"; readonly asked: Patterns }
  | { readonly type: "ack"; readonly cursor: Cursor }
  | { readonly type: "emit"; readonly event: unknown }
  | { readonly type: "auth"; readonly token: string };

/**
 * An event that a client emits. With an `id` it may be sent again, and is in the log once.
 *
 * @example
 * ```ts
 * import { encodeEmit, type OwnEvent } from "pulse-reactor/wire";
 *
 * const event: OwnEvent = { type: "chat_message", data: { text: "Hello" }, id: "c0ffee" };
 * console.log(encodeEmit(1, event).includes('"id":"c0ffee"')); // → true
 * ```
 */
export interface OwnEvent {
  /** 1–256 bytes, such as `chat_message`; the hub's own types are refused. */
  readonly type: string;
  /** What JSON can express; `{}` by default. */
  readonly data?: unknown;
  /** 1–256 bytes. By default it has that of its place in the log, and is stored again if it is sent again. */
  readonly id?: string;
}

/**
 * The message that replaces what a socket is subscribed to. It is answered by a `reactor_subscribed`, or by a `reactor_error`.
 *
 * @param patterns at most 64, such as `news_*`; none: everything
 *
 * @example
 * ```ts
 * import { encodeSubscribe } from "pulse-reactor/wire";
 *
 * console.log(encodeSubscribe(["news_*"])); // → {"type":"subscribe","data":{"events":["news_*"]}}
 * ```
 */
export function encodeSubscribe(patterns: readonly string[]): string {
  return JSON.stringify({ type: "subscribe", data: { events: patterns } });
}

/**
 * The message that says that everything up to `cursor` was handled. A frame marked `more` asks for it, and the next page comes once
 * it is there; where the welcome has `ack`, it is due after so many UTF-16 units of frames, too.
 *
 * @param cursor that of a frame: the hub closes the socket for one that it has not sent
 *
 * @example
 * ```ts
 * import { encodeAck } from "pulse-reactor/wire";
 *
 * console.log(encodeAck({ epoch: "k3x9", seq: 60 })); // → {"type":"ack","data":{"cursor":"k3x9.60"}}
 * ```
 */
export function encodeAck(cursor: Cursor): string {
  return JSON.stringify({ type: "ack", data: { cursor: formatCursor(cursor) } });
}

/**
 * The message that emits an event, for a socket whose token allows that. It is answered by a `reactor_emitted`, or by a
 * `reactor_error`.
 *
 * @param ref comes back with the answer
 * @param event what `JSON.stringify` makes of it is sent
 * @param replacer of `JSON.stringify`, for `event`
 *
 * @example
 * ```ts
 * import { encodeEmit } from "pulse-reactor/wire";
 *
 * console.log(encodeEmit(1, { type: "chat", data: 42 })); // → {"type":"emit","ref":1,"data":{"type":"chat","data":42}}
 * ```
 */
export function encodeEmit(
  ref: number | string,
  event: OwnEvent,
  replacer?: (key: string, value: unknown) => unknown,
): string {
  return `{"type":"emit","ref":${JSON.stringify(ref)},"data":${JSON.stringify(event, replacer)}}`;
}

/**
 * The message that shows a fresh token, before the one of the handshake expires. The socket goes on.
 *
 * @example
 * ```ts
 * import { encodeAuth } from "pulse-reactor/wire";
 *
 * console.log(encodeAuth("eyJhbGciOiJ…")); // → {"type":"auth","data":{"token":"eyJhbGciOiJ…"}}
 * ```
 */
export function encodeAuth(token: string): string {
  return JSON.stringify({ type: "auth", data: { token } });
}

/** @returns the frame, or `unknown_message`, `bad_pattern` or `bad_cursor` */
export function decodeClientFrame(text: string): Result<ClientFrame> {
  const frame = parseObject(text);
  const data = asObject(frame?.data) ?? {};
  switch (frame?.type) {
    case "subscribe": {
      if (!Array.isArray(data.events)) return err("bad_pattern", '"data.events" must be an array.', "/data/events");
      const asked = parseAsked(data.events, "/data/events");
      return asked.ok ? ok({ type: "subscribe", asked: asked.value }) : asked;
    }
    case "ack": {
      const cursor = parseCursor(data.cursor);
      if (!cursor) return err("bad_cursor", '"data.cursor" must be the cursor of a frame.', "/data/cursor");
      return ok({ type: "ack", cursor });
    }
    case "emit":
      return ok({ type: "emit", event: frame.data });
    case "auth": {
      if (typeof data.token === "string" && data.token !== "") return ok({ type: "auth", token: data.token });
      return err("unauthorized", '"data.token" must be a token.', "/data/token");
    }
    default:
      return err("unknown_message", "Unknown message type.");
  }
}
