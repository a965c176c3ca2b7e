// T18: more messages than a socket may send.
import type { Check } from "./check.ts";
import type { HubUnderTest } from "./hub-under-test.ts";
import { expectEqual, expectLike, expectTrue, Mismatch } from "./mismatch.ts";

/** Five seconds' worth of far more than any operator sets MESSAGES_PER_SECOND to. */
const FLOOD = 5_000;

/** Messages at a time: not all at once, since a slow hub would still read them during the next check. */
const AT_ONCE = 100;

/** Sends `message` far too often. @returns how many were answered before the close, which MUST be with 4429 */
async function flood(hub: HubUnderTest, message: string): Promise<number> {
  const { socket } = await hub.listen();
  let answers = 0;
  for (let sent = 0; sent < FLOOD; sent += AT_ONCE) {
    for (let n = 0; n < AT_ONCE; n++) socket.send(message);
    for (const mostNow = answers + AT_ONCE; answers < mostNow; ) {
      const text = await socket.next();
      const { type, data } = text === undefined ? { type: "close" } : JSON.parse(text);
      if (type === "close" || data?.close !== undefined) {
        expectEqual("the close code", (await socket.closed()).code, 4429);
        return answers;
      }
      if (type === "reactor_error") answers++;
    }
  }
  throw new Mismatch(`expected a close with 4429, got answers to all of ${FLOOD} messages`);
}

export const FLOOD_CHECKS: readonly Check[] = [
  {
    rule: "T18",
    description:
      "more messages than allowed close their socket with 4429, and affect no other; pings do not count, emits count more",
    async run(hub) {
      const { socket: other } = await hub.listen();
      const messages = await flood(hub, "conformance");
      expectTrue("at least five messages to be answered", messages >= 5, messages);
      const emits = await flood(hub, '{"type":"emit","data":{"type":""}}');
      // An emit counts as five messages, but the rate limit refills while the hub answers.
      expectTrue(`fewer emits to be answered than messages (${messages})`, emits * 2 < messages, emits);
      const pings = 2 * messages;
      for (let n = 0; n < pings; n++) other.send("ping");
      for (let pongs = 0; pongs < pings; ) if ((await other.text()) === "pong") pongs++;
      await hub.emit({ type: "t" });
      expectLike("what another socket receives", await other.events(1), [{ type: "t" }]);
    },
  },
];
