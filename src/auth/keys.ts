// Backends and operators: whoever shows the key may emit, and read everything.
import { done, type Result, refuse } from "../wire/problem.ts";

/**
 * Checks `Authorization: Bearer <key>`.
 *
 * @param authorization the header, `null` if there is none
 * @param key the configured key, `undefined` if there is none
 * @returns nothing, or `unauthorized`, or `emit_not_configured` with how to configure it
 */
export async function checkKey(authorization: string | null, key: string | undefined): Promise<Result<void>> {
  if (!key) {
    return refuse(
      "emit_not_configured",
      "Emitting needs a key: set one with `npx wrangler secret put REACTOR_API_KEY`.",
    );
  }
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (bearer === undefined) return refuse("unauthorized", "Send the key as `Authorization: Bearer <key>`.");
  if (!(await areEqual(bearer, key))) return refuse("unauthorized", "That is not the key of this hub.");
  return done(undefined);
}

/** In a time that tells nothing of where they differ: digests have one length, whatever a stranger sent. */
async function areEqual(a: string, b: string): Promise<boolean> {
  const [x, y] = await Promise.all(
    [a, b].map((text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
  );
  return x !== undefined && y !== undefined && crypto.subtle.timingSafeEqual(x, y);
}
