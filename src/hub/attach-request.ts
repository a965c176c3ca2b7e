// How the Worker passes a checked upgrade to a Hub: a header with the rights and options, and one with what it has refused itself,
// which only the Worker sets.
import type { Refusals } from "../core/counts/counts.ts";
import type { Attaching } from "../core/session/attaching.ts";

const HEADER = "reactor-attach";
const REFUSALS_HEADER = "reactor-refusals";

/** Headers that carry credentials, and go no further than the Worker. */
const SECRET_HEADERS = ["authorization", "cookie", "sec-websocket-protocol"];

/** What the Worker has checked; the Hub adds the client's id and address. */
export type AttachRequest = Omit<Attaching, "clientId" | "address">;

/** The upgrade as it goes to the Hub: without credentials, and without `reactor-*` headers from outside. */
export function withAttach(upgrade: Request, attach: AttachRequest, refusals?: Refusals): Request {
  const headers = new Headers(upgrade.headers);
  for (const name of [...headers.keys()]) {
    if (name.startsWith("reactor-") || SECRET_HEADERS.includes(name)) headers.delete(name);
  }
  headers.set(HEADER, asciiOf(JSON.stringify(attach)));
  if (refusals !== undefined) headers.set(REFUSALS_HEADER, JSON.stringify(refusals));
  const url = new URL(upgrade.url);
  url.search = ""; // it was checked and stands in the header
  return new Request(url.href, { method: "GET", headers });
}

/** What `withAttach` wrote. @throws an Error without it: only the Worker reaches a Hub */
export function attachOf(upgrade: Request): AttachRequest {
  const header = upgrade.headers.get(HEADER);
  if (header === null) throw new Error(`An upgrade reached the hub without ${HEADER}.`);
  return JSON.parse(header) as AttachRequest;
}

/** The refusals that came with it. */
export function refusalsOf(upgrade: Request): Refusals | undefined {
  const header = upgrade.headers.get(REFUSALS_HEADER);
  return header === null ? undefined : (JSON.parse(header) as Refusals);
}

/** The same JSON in ASCII, as headers require: a `sub` may have any characters. */
function asciiOf(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
