// What this isolate holds of request bodies at once.
import { HeldBytes } from "../held-bytes.ts";

/** A body of 4 MiB takes some four times as much until its events are with the hub: as bytes, text, drafts and columns. */
export const MAX_HELD_BYTES = 32 * 1024 * 1024;

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
