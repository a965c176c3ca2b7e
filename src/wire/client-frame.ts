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

/** An event that a client emits. With an `id` it may be sent again, and is in the log once. */
export interface OwnEvent {
  readonly type: string;
  readonly data?: unknown;
  readonly id?: string;
}

export function encodeSubscribe(patterns: readonly string[]): string {
  return JSON.stringify({ type: "subscribe", data: { events: patterns } });
}

export function encodeAck(cursor: Cursor): string {
  return JSON.stringify({ type: "ack", data: { cursor: formatCursor(cursor) } });
}

/** @param ref comes back with the answer @param replacer of `JSON.stringify`, for `event` */
export function encodeEmit(
  ref: number | string,
  event: OwnEvent,
  replacer?: (key: string, value: unknown) => unknown,
): string {
  return `{"type":"emit","ref":${JSON.stringify(ref)},"data":${JSON.stringify(event, replacer)}}`;
}

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
