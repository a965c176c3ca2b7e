// What a client says on a socket of subprotocol `reactor.v1`, encode and decode side by side.
//
//   {"type":"subscribe","data":{"events":["news_*"]}}   replaces the whole set; an empty one is everything
//   {"type":"ack","data":{"cursor":"k3x9.44"}}          everything up to here has been taken in
import { type Cursor, formatCursor, parseCursor } from "./cursor.ts";
import { asObject, parseObject } from "./json.ts";
import { type Patterns, parsePatterns } from "./pattern.ts";
import { done, type Result, refuse } from "./problem.ts";

export type ClientFrame =
  | { readonly type: "subscribe"; readonly asked: Patterns }
  | { readonly type: "ack"; readonly cursor: Cursor };

export function encodeSubscribe(patterns: readonly string[]): string {
  return JSON.stringify({ type: "subscribe", data: { events: patterns } });
}

export function encodeAck(cursor: Cursor): string {
  return JSON.stringify({ type: "ack", data: { cursor: formatCursor(cursor) } });
}

/** @returns the frame, or `unknown_message`, `bad_pattern` or `bad_cursor` */
export function decodeClientFrame(text: string): Result<ClientFrame> {
  const frame = parseObject(text);
  const data = asObject(frame?.data) ?? {};
  switch (frame?.type) {
    case "subscribe": {
      if (!Array.isArray(data.events)) return refuse("bad_pattern", '"data.events" must be an array.', "/data/events");
      const asked = parsePatterns(data.events, "/data/events");
      return asked.ok ? done({ type: "subscribe", asked: asked.value }) : asked;
    }
    case "ack": {
      const cursor = parseCursor(data.cursor);
      if (!cursor) return refuse("bad_cursor", '"data.cursor" must be the cursor of a frame.', "/data/cursor");
      return done({ type: "ack", cursor });
    }
    default:
      return refuse("unknown_message", "This hub does not know that message.");
  }
}
