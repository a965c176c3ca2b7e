// The command that emits an event, for a shell.
import type { EmitDraft } from "./visit.ts";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** @param at the page's own address @param channel `null`: the default one */
export function curlLine(
  { origin, hostname }: Pick<Location, "origin" | "hostname">,
  channel: string | null,
  draft: EmitDraft,
): string {
  // `npm start` runs with this key; other hubs' keys are not for screens.
  const key = LOOPBACK.includes(hostname) ? "dev-key" : "$REACTOR_API_KEY";
  const query = channel === null ? "" : `?channel=${encodeURIComponent(channel)}`;
  return [
    `curl ${quoted(`${origin}/api/events${query}`)}`,
    `-H "Authorization: Bearer ${key}"`,
    `-H "Content-Type: application/json"`,
    `-d ${quoted(JSON.stringify(draft))}`,
  ].join(" \\\n  ");
}

/** For a POSIX shell, in which nothing is special between single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
