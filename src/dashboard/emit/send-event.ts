// The test event, emitted over HTTP like any other event.
import { type Answer, askHub } from "../visit/ask-hub.ts";

/** With an `id`: a browser sends a POST again by itself if its answer is lost. `crypto.randomUUID` needs https. */
const testEvent = () => ({
  type: "test_event",
  source: "live",
  id: `${Date.now()}-${Math.random()}`,
  data: { message: "A test, sent from /live" },
});

/** @param channel `null`: the default one @returns the hub's receipt, with its `cursor` */
export function sendTestEvent(credential: string, channel: string | null): Promise<Answer> {
  const headers = { "Content-Type": "application/json" };
  return askHub("/api/events", credential, channel, { method: "POST", headers, body: JSON.stringify(testEvent()) });
}
