// Replay for an old page that brought a cursor. It cannot acknowledge, so it gets a bounded piece and comes back for more.
import { MAX_OLD_REPLAY_BYTES } from "../wire/limits.ts";
import { encodeOldEvent } from "../wire/old-dialect.ts";
import type { ReadableLog } from "./log.ts";
import { hears, type Interest } from "./match.ts";

/** Events behind `after`, one a frame; `complete` when they reach the head. At least one event, if there is one. */
export function replayOld(
  log: ReadableLog,
  after: number,
  interest: Interest,
): { frames: string[]; complete: boolean } {
  const { epoch } = log.cursor;
  const frames: string[] = [];
  let bytes = 0;
  for (const { seq, type, event, bytes: size } of log.read(after)) {
    if (!hears(interest, type)) continue;
    bytes += size;
    if (frames.length > 0 && bytes > MAX_OLD_REPLAY_BYTES) return { frames, complete: false };
    frames.push(encodeOldEvent(event, { epoch, seq }));
  }
  return { frames, complete: true };
}
