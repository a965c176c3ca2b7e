// The command that emits an event from a shell: what the page is about to send, to be copied.
import { type Emission, emissionText } from "./emit-event.ts";

/** A development hub's key is public; every other one is the operator's, whose shell has it in a variable. */
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** White space of JSON outside of its strings. */
const BETWEEN = /("(?:[^"\\]|\\.)*")|\s+/g;

/** @param hub the page's location @param channel `null`: the default one */
export function curlLine(
  hub: Pick<URL, "origin" | "hostname">,
  channel: string | null,
  { dataText, ...emission }: Emission,
): string {
  const compact = dataText === undefined ? {} : { dataText: dataText.replace(BETWEEN, (_all, text = "") => text) };
  const url = `${hub.origin}/api/events${channel === null ? "" : `?channel=${channel}`}`;
  const key = LOOPBACK.has(hub.hostname)
    ? "'Authorization: Bearer dev-key'"
    : '"Authorization: Bearer $REACTOR_API_KEY"';
  return [
    `curl ${quoted(url)} \\`,
    `  -H ${key} -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(emissionText({ ...emission, ...compact }))}`,
  ].join("\n");
}

/** A word of a POSIX shell. Within single quotes nothing has a meaning but the single quote. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
