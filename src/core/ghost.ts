// Telling the living from the gone: a page that was closed without a word leaves a socket that looks open for ever.

/** Three pings and their jitter: who has sent nothing for so long is not there, whatever was sent to it meanwhile. */
const SILENT_MS = 90_000;

/** How long a page may take for what waits on its way, once nothing moves there any more. */
const UNANSWERED_MS = 5 * 60_000;

/** What is known of a socket's life. Times in ms since 1970. */
export interface Life {
  /** When it came, or was last heard but for pings. */
  readonly heardMs: number;
  /** When its last ping was answered, `null` if none was. */
  readonly pingMs: number | null;
  /** Whether it owes an acknowledgement. */
  readonly owes: boolean;
  /** When less waited on it than before, which only a living peer brings about; `null` if nobody has seen that. */
  readonly movedMs: number | null;
}

/** Whether nobody is there any more. */
export function isGhost({ heardMs, pingMs, owes, movedMs }: Life, nowMs: number): boolean {
  const lastSign = Math.max(heardMs, pingMs ?? 0, movedMs ?? 0);
  if (nowMs - lastSign > SILENT_MS) return true;
  return owes && nowMs - Math.max(heardMs, movedMs ?? 0) > UNANSWERED_MS;
}

/** When less waited on each socket than before: only looking at it from time to time tells. */
export class Movements<S extends object> {
  readonly #waited = new WeakMap<S, { readonly bytes: number; readonly movedMs: number | null }>();

  /** @param bytes what waits on it now @returns when something was last seen to have left, `null` if nobody has seen that */
  look(socket: S, bytes: number, nowMs: number): number | null {
    const before = this.#waited.get(socket);
    const movedMs = before && bytes < before.bytes ? nowMs : (before?.movedMs ?? null);
    if (bytes > 0) this.#waited.set(socket, { bytes, movedMs });
    else this.#waited.delete(socket);
    return movedMs;
  }
}
