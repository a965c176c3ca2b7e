// How the Worker tells a Hub what a socket may hear: one header of its own on the upgrade, which it alone sets.
import type { Attaching } from "../core/conversation.ts";

const HEADER = "reactor-attach";

/** What the Worker has settled before the Hub sees the socket; the Hub adds the client's id. */
export type AttachRequest = Omit<Attaching, "clientId">;

/** The upgrade as it goes to the Hub. Any `reactor-*` header that a stranger sent is dropped. */
export function withAttach(upgrade: Request, attach: AttachRequest): Request {
  const headers = new Headers(upgrade.headers);
  for (const name of [...headers.keys()]) if (name.startsWith("reactor-")) headers.delete(name);
  headers.set(HEADER, JSON.stringify(attach));
  return new Request(upgrade, { headers });
}

/** What `withAttach` wrote. Throws where it did not: nothing but the Worker reaches a Hub. */
export function attachOf(upgrade: Request): AttachRequest {
  const header = upgrade.headers.get(HEADER);
  if (header === null) throw new Error(`An upgrade reached the hub without ${HEADER}.`);
  return JSON.parse(header) as AttachRequest;
}
