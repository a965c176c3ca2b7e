// How the hub speaks on a socket without a subprotocol: as the server before it did, one event a frame. What v1 adds
// rides along as extra members, which an old page does not look at.
import { type Cursor, formatCursor } from "./cursor.ts";
import { asObject, parseObject } from "./json.ts";
import type { Welcome } from "./server-frame.ts";

export function encodeLegacyWelcome(welcome: Welcome): string {
  const { message, client_id, timestamp, channel, cursor, recovered } = welcome;
  return JSON.stringify({
    type: "reactor_connected",
    data: { message, client_id, timestamp, channel, cursor, recovered },
  });
}

/** @param event the event's JSON text, as the log keeps it @param cursor its own place */
export function encodeLegacyEvent(event: string, cursor: Cursor): string {
  return `${event.slice(0, -1)},"cursor":"${formatCursor(cursor)}"}`;
}

/** The answer to whatever the hub did not understand. */
export function encodeEcho(message: string): string {
  return JSON.stringify({ type: "echo", data: { message } });
}

/**
 * What an old page asks to hear besides what it hears already: `subscribe:a,b`, or what the old client sent instead,
 * `{"type":"subscribe","data":"a,b"}`. `undefined` where `text` is no subscribe.
 */
export function decodeLegacySubscribe(text: string): readonly unknown[] | undefined {
  if (text.startsWith("subscribe:")) return namesIn(text.slice("subscribe:".length));
  const frame = parseObject(text);
  if (frame?.type !== "subscribe") return undefined;
  if (typeof frame.data === "string") return namesIn(frame.data);
  if (Array.isArray(frame.data)) return frame.data;
  const events = asObject(frame.data)?.events;
  return Array.isArray(events) ? events : undefined;
}

function namesIn(list: string): string[] {
  return list.split(",").flatMap((name) => name.trim() || []);
}
