// What this isolate holds of request bodies at once.
import { HeldBytes } from "../held-bytes.ts";

/**
 * A body takes some four times its size until its events are committed, as bytes, text, drafts and columns: half of the isolate's
 * 128 MB together. `npm run attack -- commits` measures it.
 */
export const MAX_HELD_BYTES = 16 * 1024 * 1024;

const bodies = new HeldBytes(MAX_HELD_BYTES);

/** Counts `bytes` more of the request's body. @param nowMs Unix time @returns whether there is room for them */
export function holdBody(request: Request, bytes: number, nowMs: number): boolean {
  if (bodies.room(nowMs) < bytes && !bodies.isEmpty) return false;
  bodies.hold(request, bytes, nowMs);
  return true;
}

/** MUST be called once the request is answered. */
export function releaseBody(request: Request): void {
  bodies.release(request);
}
