// What the page asks of the hub over HTTP. What its visitor has shown goes into the header: an address ends up in logs.
import { asObject } from "../wire/json.ts";

export type Answer =
  | { readonly ok: true; readonly body: Readonly<Record<string, unknown>> }
  /** `isKeyRefused`: another key or token may help. `detail` is the hub's, or says that there was none. */
  | { readonly ok: false; readonly isKeyRefused: boolean; readonly detail: string };

/** What a hub takes for a bearer, of what a browser puts into a header: ASCII without spaces. */
const BEARER = /^[!-~]+$/;

/** @param credential `null`: nothing is shown @param channel `null` for the default one */
export async function askHub(
  path: string,
  credential: string | null,
  channel: string | null,
  { headers = {}, ...init }: { method?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  if (credential !== null && !BEARER.test(credential)) {
    return refused(
      "A page can send that neither as a key nor as a token: it has spaces, or characters beyond ASCII.",
      true,
    );
  }
  const query = channel === null ? "" : `?${new URLSearchParams({ channel })}`;
  const shown: Record<string, string> = credential === null ? {} : { Authorization: `Bearer ${credential}` };
  try {
    const reply = await fetch(path + query, { ...init, headers: { ...headers, ...shown } });
    const body = asObject(await reply.json().catch(() => undefined)) ?? {};
    if (reply.ok) return { ok: true, body };
    const isKeyRefused = reply.status === 401 || reply.status === 403;
    return refused(String(body.detail ?? `The server answered ${reply.status}.`), isKeyRefused);
  } catch (error) {
    return refused(`The server was not reached: ${error}`, false);
  }
}

function refused(detail: string, isKeyRefused: boolean): Answer {
  return { ok: false, isKeyRefused, detail };
}
