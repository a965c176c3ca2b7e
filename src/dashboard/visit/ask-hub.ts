// HTTP requests to the hub. The credential goes into a header, because URLs end up in logs.
import { asObject } from "../../wire/json.ts";

export type Answer =
  | { readonly ok: true; readonly body: Readonly<Record<string, unknown>> }
  /**
   * `isKeyRefused`: another key or token may help. `detail` is the hub's, or a description of the failure; `pointer` says where in the
   * request it is, as a JSON Pointer.
   */
  | { readonly ok: false; readonly isKeyRefused: boolean; readonly detail: string; readonly pointer?: string };

/** What hubs accept and browsers send in the header: ASCII without spaces. */
const BEARER = /^[!-~]+$/;

export interface Asking {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Beside the channel. */
  readonly query?: Readonly<Record<string, string>>;
}

/** @param credential `null`: none is sent @param channel `null`: the default one */
export async function askHub(
  path: string,
  credential: string | null,
  channel: string | null,
  { headers = {}, query = {}, ...init }: Asking = {},
): Promise<Answer> {
  if (credential !== null && !BEARER.test(credential)) {
    return refused("A page cannot send this key or token: it contains spaces or non-ASCII characters.", true);
  }
  const params = new URLSearchParams({ ...(channel !== null && { channel }), ...query });
  const search = params.size > 0 ? `?${params}` : "";
  const shown: Record<string, string> = credential === null ? {} : { Authorization: `Bearer ${credential}` };
  try {
    const reply = await fetch(path + search, { ...init, headers: { ...headers, ...shown } });
    const body = asObject(await reply.json().catch(() => undefined)) ?? {};
    if (reply.ok) return { ok: true, body };
    const isKeyRefused = reply.status === 401 || reply.status === 403;
    const failure = refused(String(body.detail ?? `The server answered ${reply.status}.`), isKeyRefused);
    return typeof body.pointer === "string" ? { ...failure, pointer: body.pointer } : failure;
  } catch (error) {
    return refused(`The server is unreachable: ${error}`, false);
  }
}

function refused(detail: string, isKeyRefused: boolean): Answer & { ok: false } {
  return { ok: false, isKeyRefused, detail };
}
