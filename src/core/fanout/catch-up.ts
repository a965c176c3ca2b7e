// Catching up: a client that is behind pulls pages of the log by acknowledging them, until it is at the head.
import { encodeEvents, encodeReset } from "../../wire/server-frame.ts";
import type { Interest } from "../access/match.ts";
import type { ReadableLog } from "../log/event-log.ts";
import { FRAME_PAGE, pagesOf } from "../log/page.ts";
import { readHeard } from "../log/read-heard.ts";
import { resume } from "../log/resume.ts";
import type { Message } from "./socket.ts";

/**
 * Unacknowledged pages, oldest first, each as its last seq and its weight in bytes, as sent. A page weighs no less than a full
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
  readonly frames: readonly Message[];
  /** How many events they hold. */
  readonly events: number;
  /** Whether the first of them is a reset: events that it had not read were deleted. */
  readonly isReset: boolean;
  /** Up to which seq the log is sent then. */
  readonly sentSeq: number;
  /** Of `frames` as they are sent, at most. */
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

/** The form in which a page is sent. @param bytes of `text`, at most */
export type Encode = (text: string, bytes: number) => Message;

/**
 * As many pages behind `sentSeq` as the window has room for. The one that reaches the head does not ask for an ack.
 *
 * @param most what they may cost; the last one may exceed it
 * @param encode by default as text
 */
export function pull(
  log: ReadableLog,
  sentSeq: number,
  interest: Interest,
  { window, unacked }: CatchUp,
  most = Number.POSITIVE_INFINITY,
  encode: Encode = (text) => text,
): Pulled {
  const { epoch, seq: head } = log.cursor;
  const frames: Message[] = [];
  const onTheWay = [...unacked];
  let events = 0;
  let bytes = 0;
  let cost = 0;
  const { from, reset } = resume({ epoch, seq: sentSeq }, log);
  const isReset = reset !== null;
  if (reset) frames.push(encodeReset(reset)); // events it had not read were deleted meanwhile
  let after = from.seq;
  let scanned = 0;
  let room = window - unacked.reduce((sum, [, weight]) => sum + weight, 0);
  const pulled = () => ({ frames, events, isReset, sentSeq: after, bytes, cost, isHungry: false });
  if (after === head) return { ...pulled(), catchUp: null, unacked };
  if (room < PAGE_BYTES && unacked.length > 0) return { ...pulled(), catchUp: { window, unacked }, unacked };
  for (const page of pagesOf(readHeard(log, after, interest), after, FRAME_PAGE)) {
    scanned += page.scanned;
    cost += page.bytes + page.scanned * SCAN_BYTES;
    const cursor = { epoch, seq: page.end ? head : page.to };
    const frame = encode(encodeEvents(after, cursor, page.events, !page.end), page.bytes);
    const size = typeof frame === "string" ? page.bytes : frame.byteLength;
    frames.push(frame);
    events += page.events.length;
    bytes += size;
    if (page.end) return { ...pulled(), sentSeq: head, catchUp: null, unacked: onTheWay };
    const weight = Math.max(size, PAGE_BYTES);
    onTheWay.push([page.to, weight]);
    room -= weight;
    after = page.to;
    // No turn reads more of the log for a subscriber than one page may: the next ack goes on.
    if (room < PAGE_BYTES || scanned >= FRAME_PAGE.scanned || cost >= most) break;
  }
  const isHungry = room >= PAGE_BYTES && scanned < FRAME_PAGE.scanned;
  return { ...pulled(), isHungry, catchUp: { window, unacked: onTheWay }, unacked: onTheWay };
}
