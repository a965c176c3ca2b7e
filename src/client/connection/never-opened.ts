// What a developer is told when a connection does not open at first. A browser reports no reason, whatever it was.
import type { Close } from "./ports.ts";

/** Likely causes, the likeliest first. */
export const NEVER_OPENED =
  "The connection did not open. Does the hub run here, and do its ALLOWED_ORIGINS list this page? See docs/troubleshooting.md.";

/** Adds the reason to how a socket ended that the hub never welcomed, where none is known. */
export function explained({ code, reason }: Close): Close {
  return { code, reason: code === 1006 && reason === "" ? NEVER_OPENED : reason };
}
