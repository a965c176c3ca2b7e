// A position in a channel's log: the same string on WebSocket, HTTP and in replies to emits.

/**
 * `<epoch>.<seq>`: every event of that epoch up to and with `seq` is behind it. The epoch is a random id made with the
 * log's first event; another epoch is another history, whose seqs mean nothing here.
 *
 * @example
 * ```ts
 * import type { Cursor } from "pulse-reactor/wire";
 *
 * // How many events of the log lie between the two, matching or not.
 * const between = (a: Cursor, b: Cursor) => (a.epoch === b.epoch ? b.seq - a.seq : undefined);
 *
 * console.log(between({ epoch: "k3x9", seq: 41 }, { epoch: "k3x9", seq: 44 })); // → 3
 * console.log(between({ epoch: "k3x9", seq: 41 }, { epoch: "p7q2", seq: 44 })); // → undefined
 * ```
 */
export interface Cursor {
  /** 1–16 of `a-z0-9`; `0` before a channel's first event. */
  readonly epoch: string;
  /** That of the last event behind it; 0 before the first. */
  readonly seq: number;
}

/**
 * `0.0`: from the beginning, in any epoch. The cursor of a channel without events.
 *
 * @example
 * ```ts
 * import { formatCursor, ORIGIN } from "pulse-reactor/wire";
 *
 * console.log(formatCursor(ORIGIN)); // → 0.0
 * ```
 */
export const ORIGIN: Cursor = { epoch: "0", seq: 0 };

/**
 * The text of a cursor, as queries, frames and replies have it.
 *
 * @example
 * ```ts
 * import { formatCursor } from "pulse-reactor/wire";
 *
 * console.log(`/ws/stream?cursor=${formatCursor({ epoch: "k3x9", seq: 41 })}`); // → /ws/stream?cursor=k3x9.41
 * ```
 */
export function formatCursor(cursor: Cursor): string {
  return `${cursor.epoch}.${cursor.seq}`;
}

/**
 * The cursor that `text` spells, `undefined` if none: an epoch of 1–16 of `a-z0-9`, a dot, a safe integer without leading zeros.
 * It never throws.
 *
 * @example
 * ```ts
 * import { parseCursor } from "pulse-reactor/wire";
 *
 * console.log(parseCursor("k3x9.41")); // → {"epoch":"k3x9","seq":41}
 * console.log(parseCursor("41")); // → undefined
 * ```
 */
export function parseCursor(text: unknown): Cursor | undefined {
  const match = typeof text === "string" ? /^([a-z0-9]{1,16})\.(0|[1-9]\d{0,15})$/.exec(text) : null;
  if (!match?.[1] || !match[2]) return undefined;
  const seq = Number(match[2]);
  return Number.isSafeInteger(seq) ? { epoch: match[1], seq } : undefined;
}
