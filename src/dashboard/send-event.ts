// An operator's test event: it takes the way of every other event.
import { asObject } from "../wire/json.ts";

export type Sent =
  | { readonly ok: true; readonly cursor: string }
  /** `isKeyRefused`: another key may help. */
  | { readonly ok: false; readonly isKeyRefused: boolean; readonly detail: string };

/** @param channel `null` for the default one */
export async function sendTestEvent(key: string, channel: string | null): Promise<Sent> {
  const query = channel === null ? "" : `?${new URLSearchParams({ channel })}`;
  try {
    const reply = await fetch(`/api/events${query}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify({ type: "test_event", source: "live", data: { message: "A test, sent from /live" } }),
    });
    const body = asObject(await reply.json().catch(() => undefined)) ?? {};
    if (reply.ok) return { ok: true, cursor: String(body.cursor) };
    const detail = String(body.detail ?? `The server answered ${reply.status}.`);
    return { ok: false, isKeyRefused: reply.status === 401 || reply.status === 403, detail };
  } catch (error) {
    return { ok: false, isKeyRefused: false, detail: `The event was not sent: ${error}` };
  }
}
