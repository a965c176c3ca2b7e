// Catching up: a client that is behind pulls pages of the log by acknowledging them, until it is at the head.
import { encodeEvents, encodeReset } from "../../wire/server-frame.ts";
import type { Interest } from "../access/match.ts";
import type { ReadableLog } from "../log/event-log.ts";
import { FRAME_PAGE, pagesOf } from "../log/page.ts";
import { readHeard } from "../log/read-heard.ts";
import { resume } from "../log/resume.ts";

/**
 * Unacknowledged pages, oldest first, each as its last seq and its weight in bytes. A page weighs no less than a full
 * one, however little it holds: finding it cost as much. So there are at most 16, and they fit the attachment.
 */
export interface CatchUp {
  readonly window: number;
  readonly unacked: readonly (readonly [seq: number, weight: number])[];
}

const PAGE_BYTES = FRAME_PAGE.bytes;

/** Looking at an event costs as much as sending so many bytes: a page that scanned 10,000 is a turn's worth (5 ms). */
const SCAN_BYTES = 25;

/** 512,000 bytes unacknowledged: 5 MB per second at a round trip of 100 ms, and the hub buffers no more than that per socket. */
const MAX_WINDOW = 16 * PAGE_BYTES;

export const CATCH_UP_START: CatchUp = { window: PAGE_BYTES, unacked: [] };

/** The state of a live socket that is demoted: a frame at its position asks for an ack once the buffered frames are read. */
export function demoted(sentSeq: number): CatchUp {
  return { window: PAGE_BYTES, unacked: [[sentSeq, PAGE_BYTES]] };
}

/** The state after an ack up to `seq`; whenever a page was acknowledged, the window doubles. */
export function acknowledge({ window, unacked }: CatchUp, seq: number): CatchUp {
  const left = unacked.filter(([to]) => to > seq);
  const arrived = left.length < unacked.length;
  return { window: arrived ? Math.min(window * 2, MAX_WINDOW) : window, unacked: left };
}

export interface Pulled {
  /** To be sent, in order. */
  readonly frames: readonly string[];
  /** Up to which seq the log is sent then. */
  readonly sentSeq: number;
  /** Of `frames`, at most. */
  readonly bytes: number;
  /** What it cost to make and send them, as if it were bytes. */
  readonly cost: number;
  /** Whether the window has room for more. */
  readonly isHungry: boolean;
  /** `null`: it is at the head, and live from here on. */
  readonly catchUp: CatchUp | null;
  /** The pages that are not acknowledged then, as in `CatchUp`, but also of a live one. */
  readonly unacked: CatchUp["unacked"];
}

/**
 * As many pages behind `sentSeq` as the window has room for. The one that reaches the head does not ask for an ack.
 *
 * @param most what they may cost; the last one may exceed it
 */
export function pull(
  log: ReadableLog,
  sentSeq: number,
  interest: Interest,
  { window, unacked }: CatchUp,
  most = Number.POSITIVE_INFINITY,
): Pulled {
  const { epoch, seq: head } = log.cursor;
  const frames: string[] = [];
  const onTheWay = [...unacked];
  let bytes = 0;
  let cost = 0;
  const { from, reset } = resume({ epoch, seq: sentSeq }, log);
  if (reset) frames.push(encodeReset(reset)); // events it had not read were deleted meanwhile
  let after = from.seq;
  let scanned = 0;
  let room = window - unacked.reduce((sum, [, weight]) => sum + weight, 0);
  if (after === head) return { frames, sentSeq: after, bytes, cost, isHungry: false, catchUp: null, unacked };
  if (room < PAGE_BYTES && unacked.length > 0)
    return { frames, sentSeq: after, bytes, cost, isHungry: false, catchUp: { window, unacked }, unacked };
  for (const page of pagesOf(readHeard(log, after, interest), after, FRAME_PAGE)) {
    bytes += page.bytes;
    scanned += page.scanned;
    cost += page.bytes + page.scanned * SCAN_BYTES;
    if (page.end) {
      frames.push(encodeEvents(after, { epoch, seq: head }, page.events));
      return { frames, sentSeq: head, bytes, cost, isHungry: false, catchUp: null, unacked: onTheWay };
    }
    frames.push(encodeEvents(after, { epoch, seq: page.to }, page.events, true));
    const weight = Math.max(page.bytes, PAGE_BYTES);
    onTheWay.push([page.to, weight]);
    room -= weight;
    after = page.to;
    // No turn reads more of the log for a subscriber than one page may: the next ack goes on.
    if (room < PAGE_BYTES || scanned >= FRAME_PAGE.scanned || cost >= most) break;
  }
  const isHungry = room >= PAGE_BYTES && scanned < FRAME_PAGE.scanned;
  return { frames, sentSeq: after, bytes, cost, isHungry, catchUp: { window, unacked: onTheWay }, unacked: onTheWay };
}
