// Detects half-open sockets: a page that was closed without a word leaves a socket that looks open for ever.

/** Three pings and their jitter: a client that pings and was silent for so long is gone, whatever was sent to it meanwhile. */
export const SILENT_MS = 90_000;

/** How long a client may take for what waits on its way, once nothing moves there any more. */
const UNANSWERED_MS = 5 * 60_000;

/** What is known of a socket's liveness. Unix times in ms. */
export interface Liveness {
  /** When it came, or was last heard but for pings. */
  readonly heardMs: number;
  /**
   * When its last ping was answered; `null`: it never sent one, and owes none. Many clients ping by protocol alone
   * (Python's `websockets`, Go, `wscat`): the runtime answers those, and the object cannot see them.
   */
  readonly pingMs: number | null;
  /** Whether it owes an acknowledgement. */
  readonly owes: boolean;
  /** When less waited on it than before, which only a living peer brings about; `null` if that was never seen. */
  readonly movedMs: number | null;
  /** Since when something waits on it of which nothing leaves; `null`: nothing waits. */
  readonly stuckMs: number | null;
}

/** Whether no client is there any more. */
export function isIdle({ heardMs, pingMs, owes, movedMs, stuckMs }: Liveness, nowMs: number): boolean {
  const lastSignMs = Math.max(heardMs, movedMs ?? 0);
  if (pingMs !== null && nowMs - Math.max(lastSignMs, pingMs) > SILENT_MS) return true;
  if (owes && nowMs - lastSignMs > UNANSWERED_MS) return true;
  return stuckMs !== null && nowMs - Math.max(stuckMs, heardMs) > UNANSWERED_MS;
}

interface Look {
  readonly bytes: number;
  readonly movedMs: number | null;
  readonly stuckMs: number;
}

/** When less waited on each socket than before: only looking at it from time to time tells. */
export class DrainWatch<S extends object> {
  readonly #looks = new WeakMap<S, Look>();

  /** @param bytes what waits on it now */
  look(socket: S, bytes: number, nowMs: number): Pick<Liveness, "movedMs" | "stuckMs"> {
    const before = this.#looks.get(socket);
    const hasMoved = before !== undefined && bytes < before.bytes;
    const movedMs = hasMoved ? nowMs : (before?.movedMs ?? null);
    if (bytes === 0) {
      this.#looks.delete(socket);
      return { movedMs, stuckMs: null };
    }
    const stuckMs = before === undefined || hasMoved ? nowMs : before.stuckMs;
    this.#looks.set(socket, { bytes, movedMs, stuckMs });
    return { movedMs, stuckMs };
  }
}
