// A position in a channel's log: the same string on WebSocket, HTTP and in replies to emits.

/**
 * `<epoch>.<seq>`: every event of that epoch up to and with `seq` is behind it. The epoch is a random id made with the
 * log's first event; another epoch is another history, whose seqs mean nothing here.
 */
export interface Cursor {
  readonly epoch: string;
  readonly seq: number;
}

/** `0.0`: from the beginning, in any epoch. The cursor of a channel without events. */
export const ORIGIN: Cursor = { epoch: "0", seq: 0 };

export function formatCursor(cursor: Cursor): string {
  return `${cursor.epoch}.${cursor.seq}`;
}

/** The cursor that `text` spells, `undefined` if none: an epoch of 1–16 of `a-z0-9`, a dot, a safe integer without leading zeros. */
export function parseCursor(text: unknown): Cursor | undefined {
  const match = typeof text === "string" ? /^([a-z0-9]{1,16})\.(0|[1-9]\d{0,15})$/.exec(text) : null;
  if (!match?.[1] || !match[2]) return undefined;
  const seq = Number(match[2]);
  return Number.isSafeInteger(seq) ? { epoch: match[1], seq } : undefined;
}
