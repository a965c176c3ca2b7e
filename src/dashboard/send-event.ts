// The test event, emitted over HTTP like any other event.
import { type Answer, askHub } from "./ask-hub.ts";

const TEST_EVENT = { type: "test_event", source: "live", data: { message: "A test, sent from /live" } };

/** @param channel `null`: the default one @returns the hub's receipt, with its `cursor` */
export function sendTestEvent(credential: string, channel: string | null): Promise<Answer> {
  const headers = { "Content-Type": "application/json" };
  return askHub("/api/events", credential, channel, { method: "POST", headers, body: JSON.stringify(TEST_EVENT) });
}
