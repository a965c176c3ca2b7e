// HTTP requests to the hub. The credential goes into a header, because URLs end up in logs.
import { asObject } from "../../wire/json.ts";

export type Answer = { readonly ok: true; readonly body: Readonly<Record<string, unknown>> } | Refusal;

export interface Refusal {
  readonly ok: false;
  /** Another key or token may help. */
  readonly isKeyRefused: boolean;
  /** The hub's, or a description of the failure. */
  readonly detail: string;
  /** The HTTP status; 0: there was no answer, or nothing was asked. */
  readonly status: number;
  /** What came with it; empty where that is no JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

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
    const detail = "A page cannot send this key or token: it contains spaces or non-ASCII characters.";
    return { ok: false, isKeyRefused: true, detail, status: 0, body: {} };
  }
  const params = new URLSearchParams({ ...(channel !== null && { channel }), ...query });
  const search = params.size > 0 ? `?${params}` : "";
  const shown: Record<string, string> = credential === null ? {} : { Authorization: `Bearer ${credential}` };
  try {
    const reply = await fetch(path + search, { ...init, headers: { ...headers, ...shown } });
    const body = asObject(await reply.json().catch(() => undefined)) ?? {};
    if (reply.ok) return { ok: true, body };
    const { status } = reply;
    const detail = String(body.detail ?? `The server answered ${status}.`);
    return { ok: false, isKeyRefused: status === 401 || status === 403, detail, status, body };
  } catch {
    return { ok: false, isKeyRefused: false, detail: "Can't reach the hub.", status: 0, body: {} };
  }
}
