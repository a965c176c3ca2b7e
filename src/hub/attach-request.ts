// How the Worker tells a Hub who comes and what they may: one header of its own on the upgrade, which it alone sets.
import type { Attaching } from "../core/session/attaching.ts";

const HEADER = "reactor-attach";

/** What carries a stranger's credentials, and needs to go no further than to the Worker. */
const SECRET_HEADERS = ["authorization", "cookie", "sec-websocket-protocol"];

/** What the Worker has settled before the Hub sees the socket; the Hub adds the client's id and address. */
export type AttachRequest = Omit<Attaching, "clientId" | "address">;

/** The upgrade as it goes to the Hub: without credentials, and without any `reactor-*` header that a stranger sent. */
export function withAttach(upgrade: Request, attach: AttachRequest): Request {
  const headers = new Headers(upgrade.headers);
  for (const name of [...headers.keys()]) {
    if (name.startsWith("reactor-") || SECRET_HEADERS.includes(name)) headers.delete(name);
  }
  headers.set(HEADER, asciiOf(JSON.stringify(attach)));
  const url = new URL(upgrade.url);
  url.search = ""; // whatever was asked there is settled
  return new Request(url.href, { method: "GET", headers });
}

/** What `withAttach` wrote. Throws where it did not: nothing but the Worker reaches a Hub. */
export function attachOf(upgrade: Request): AttachRequest {
  const header = upgrade.headers.get(HEADER);
  if (header === null) throw new Error(`An upgrade reached the hub without ${HEADER}.`);
  return JSON.parse(header) as AttachRequest;
}

/** The same JSON in letters that a header can carry: a name in a token may have any. */
function asciiOf(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
