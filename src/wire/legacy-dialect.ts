// The dialect of sockets without a subprotocol: that of the legacy server, one event per frame. What v1 adds is sent as extra
// members, which legacy pages ignore.
import { type Cursor, formatCursor } from "./cursor.ts";
import { asObject, parseObject } from "./json.ts";
import { parseList } from "./list.ts";
import type { Welcome } from "./server-frame.ts";

/** @param nowMs Unix time; the `timestamp` is in seconds, as that of the legacy server was */
export function encodeLegacyWelcome(welcome: Welcome, nowMs: number): string {
  const { message, client_id, channel, cursor, recovered, heartbeat_ms } = welcome;
  const data = { message, client_id, timestamp: nowMs / 1_000, channel, cursor, recovered, heartbeat_ms };
  return JSON.stringify({ type: "reactor_connected", data });
}

/** @param event the event's JSON text, as the log keeps it @param cursor its own place */
export function encodeLegacyEvent(event: string, cursor: Cursor): string {
  return `${event.slice(0, -1)},"cursor":"${formatCursor(cursor)}"}`;
}

/** The answer to an unknown message. */
export function encodeEcho(message: string): string {
  return JSON.stringify({ type: "echo", data: { message } });
}

/**
 * The patterns that a legacy page adds: `subscribe:a,b`, or what the legacy client sent instead,
 * `{"type":"subscribe","data":"a,b"}`. `undefined` where `text` is no subscribe.
 */
export function decodeLegacySubscribe(text: string): readonly unknown[] | undefined {
  if (text.startsWith("subscribe:")) return parseList(text.slice("subscribe:".length));
  const frame = parseObject(text);
  if (frame?.type !== "subscribe") return undefined;
  if (typeof frame.data === "string") return parseList(frame.data);
  if (Array.isArray(frame.data)) return frame.data;
  const events = asObject(frame.data)?.events;
  return Array.isArray(events) ? events : undefined;
}
