// What this isolate holds of request bodies at once. Each is bounded, and an isolate has 128 MB for all of them.

/** A body of 4 MiB takes some four times as much until its events are with the hub: as bytes, text, drafts and columns. */
export const MAX_HELD_BYTES = 32 * 1024 * 1024;

/** The platform may end a request without a word, so a body is forgotten after so long. */
const FORGOTTEN_MS = 60_000;

interface Held {
  bytes: number;
  readonly sinceMs: number;
}

/** The oldest first. */
const bodies = new Map<Request, Held>();
let total = 0;

/** Counts `bytes` more of the request's body. @param nowMs Unix time @returns whether there is room for them */
export function holdBody(request: Request, bytes: number, nowMs: number): boolean {
  for (const [other, { sinceMs }] of bodies) {
    if (Math.abs(nowMs - sinceMs) < FORGOTTEN_MS) break;
    releaseBody(other);
  }
  if (total > 0 && total + bytes > MAX_HELD_BYTES) return false;
  const held = bodies.get(request) ?? { bytes: 0, sinceMs: nowMs };
  held.bytes += bytes;
  total += bytes;
  bodies.set(request, held);
  return true;
}

/** MUST be called once the request is answered. */
export function releaseBody(request: Request): void {
  total -= bodies.get(request)?.bytes ?? 0;
  bodies.delete(request);
}
