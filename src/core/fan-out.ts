// From the log to the live: one set of frames for each group, the same strings to each of its sockets.
import type { Cursor } from "../wire/cursor.ts";
import { MAX_BUFFERED_BYTES, PROGRESS_EVERY_EVENTS } from "../wire/limits.ts";
import { encodeOldEvent } from "../wire/old-dialect.ts";
import { encodeEvents } from "../wire/server-frame.ts";
import type { Audience, Group } from "./audience.ts";
import type { LoggedEvent } from "./log.ts";
import { hears } from "./match.ts";
import { FRAME_PAGE, pagesOf } from "./page.ts";
import type { Carried } from "./reactor.ts";
import { REACTOR_EVENTS } from "./reactor-events.ts";
import { type Socket, sendQuietly } from "./socket.ts";

/** A live socket that was not sent what its group was, because too much waits there from before. */
export interface Slow<S extends Socket> {
  readonly socket: S;
  /** Where the next frame to it has to begin. */
  readonly after: number;
}

/**
 * Sends what each group hears of `events` and was not told, the newest of the log, which now stands at `head`.
 *
 * @returns who was left out, and MUST be made to catch up: its group counts as told
 */
export function fanOut<S extends Socket>(
  audience: Audience<S>,
  events: readonly LoggedEvent[],
  head: Cursor,
): readonly Slow<S>[] {
  const slow: Slow<S>[] = [];
  for (const group of audience.groups) {
    const heard = events.filter(({ seq, type }) => seq > group.told && hears(group, type));
    if (heard.length > 0) tell(group, framesFor(group, heard, head), head, slow);
    else if (head.seq - group.told >= PROGRESS_EVERY_EVENTS) tellProgress(group, head, slow);
  }
  return slow;
}

/**
 * Sends an event that is not logged to every group that hears it, and with it tells all how far the log has come. What
 * it says about the range is true because a group that has not been told of an event does not hear it.
 *
 * @returns as `fanOut`
 */
export function fanOutEphemeral<S extends Socket>(
  audience: Audience<S>,
  { type, event }: Carried,
  head: Cursor,
): readonly Slow<S>[] {
  const slow: Slow<S>[] = [];
  for (const group of audience.groups) {
    // An old page hears the heartbeat whatever it subscribed to.
    const isHeard = hears(group, type) || (group.dialect === "old" && type === REACTOR_EVENTS.REACTOR_HEARTBEAT);
    if (!isHeard) tellProgress(group, head, slow);
    else if (group.dialect === "v1") tell(group, [encodeEvents(group.told, head, [event])], head, slow);
    else tell(group, [encodeOldEvent(event, head)], head, slow);
  }
  return slow;
}

function framesFor<S extends Socket>(group: Group<S>, heard: readonly LoggedEvent[], head: Cursor): string[] {
  if (group.dialect === "old") return heard.map(({ event, seq }) => encodeOldEvent(event, { epoch: head.epoch, seq }));
  const frames: string[] = [];
  let after = group.told;
  for (const page of pagesOf(heard, after, group, FRAME_PAGE)) {
    const to = page.end ? head.seq : page.to;
    frames.push(encodeEvents(after, { epoch: head.epoch, seq: to }, page.events));
    after = to;
  }
  return frames;
}

/**
 * Tells groups that were told less than `seq` how far the log has come: what they do not know of is about to go.
 *
 * @returns as `fanOut`
 */
export function fanOutProgress<S extends Socket>(audience: Audience<S>, seq: number, head: Cursor): readonly Slow<S>[] {
  const slow: Slow<S>[] = [];
  for (const group of audience.groups) if (group.told < seq) tellProgress(group, head, slow);
  return slow;
}

/** A reader that hears little must still know its place, or its next resume would be refused for age. */
function tellProgress<S extends Socket>(group: Group<S>, head: Cursor, slow: Slow<S>[]): void {
  if (group.dialect === "old" || group.told === head.seq) return; // an old page has no frame without an event
  tell(group, [encodeEvents(group.told, head, [])], head, slow);
}

/** Touches each socket once. What waits there is what an earlier flush left: this one has sent it nothing yet. */
function tell<S extends Socket>(group: Group<S>, frames: readonly string[], head: Cursor, slow: Slow<S>[]): void {
  for (const socket of group.sockets) {
    if ((socket.bufferedAmount ?? 0) > MAX_BUFFERED_BYTES) slow.push({ socket, after: group.told });
    else for (const frame of frames) sendQuietly(socket, frame);
  }
  group.told = head.seq;
}
