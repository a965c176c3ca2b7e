// From the log to the sockets: one set of frames for each group, the same strings to each of its sockets.
import type { Cursor } from "../wire/cursor.ts";
import { MAX_FRAME_BYTES } from "../wire/limits.ts";
import { encodeOldEvent } from "../wire/old-dialect.ts";
import { EVENTS_FRAME_BYTES, encodeEvents } from "../wire/server-frame.ts";
import { utf8Bytes } from "../wire/utf8.ts";
import type { Audience } from "./audience.ts";
import type { LoggedEvent } from "./log.ts";
import { hears } from "./match.ts";
import { type Socket, sendQuietly } from "./socket.ts";

/** Sends what each group hears of `events`, after which all of them know that the log stands at `head`. */
export function fanOut<S extends Socket>(audience: Audience<S>, events: readonly LoggedEvent[], head: Cursor): void {
  for (const group of audience.groups) {
    const heard = events.filter((event) => hears(group, event.type));
    if (heard.length === 0) continue; // `told` stays: the next frame's range reaches back over what nobody here hears
    const frames =
      group.dialect === "v1" ? pages(group.told, heard, head) : heard.map((event) => alone(event, head.epoch));
    for (const frame of frames) for (const socket of group.sockets) sendQuietly(socket, frame);
    group.told = head.seq;
  }
}

/** Cuts `events`, whose range is (`after`, `head`], into frames of at most 64 KiB, or of exactly one event. */
export function pages(after: number, events: readonly LoggedEvent[], head: Cursor): string[] {
  const frames: string[] = [];
  let page: string[] = [];
  let bytes = EVENTS_FRAME_BYTES;
  let last = after;
  for (const { seq, event } of events) {
    const eventBytes = utf8Bytes(event) + 1;
    if (page.length > 0 && bytes + eventBytes > MAX_FRAME_BYTES) {
      frames.push(encodeEvents(after, { epoch: head.epoch, seq: last }, page));
      [page, bytes, after] = [[], EVENTS_FRAME_BYTES, last];
    }
    page.push(event);
    bytes += eventBytes;
    last = seq;
  }
  frames.push(encodeEvents(after, head, page));
  return frames;
}

function alone(event: LoggedEvent, epoch: string): string {
  return encodeOldEvent(event.event, { epoch, seq: event.seq });
}
