// T23: more messages than a socket may say.
import type { Check } from "./check.ts";
import type { HubUnderTest } from "./hub-under-test.ts";
import { expectEqual, expectLike, expectTrue } from "./mismatch.ts";

/** Five seconds' worth of far more than any operator sets MESSAGES_PER_SECOND to. */
const FLOOD = 5_000;

/** An emit counts as five messages; a hub fills its allowance while it reads. */
const LEAST_WEIGHT_OF_EMIT = 2;

/** Says `message` far too often. @returns how many were answered before the close, which MUST be with 4429 */
async function flood(hub: HubUnderTest, message: string): Promise<number> {
  const { socket } = await hub.listen();
  for (let n = 0; n < FLOOD; n++) socket.send(message);
  const { code, frames } = await socket.end();
  expectEqual("the close code", code, 4429);
  return frames.filter(({ type, data }) => type === "reactor_emitted" || (type === "reactor_error" && !data.close))
    .length;
}

export const FLOOD_CHECKS: readonly Check[] = [
  {
    rule: "T23",
    says: "more messages than allowed close their socket with 4429, and no other notices; pings do not count, emits count more",
    async run(hub) {
      const { socket: other } = await hub.listen();
      for (let n = 0; n < FLOOD; n++) other.send("ping");
      for (let n = 0; n < FLOOD; n++) expectEqual("the answer to a ping", await other.text(), "pong");
      const messages = await flood(hub, "conformance");
      expectTrue("at least five messages to be answered", messages >= 5, messages);
      const emits = await flood(hub, '{"type":"emit","data":{"type":""}}');
      expectTrue(`fewer emits than messages (${messages})`, emits * LEAST_WEIGHT_OF_EMIT < messages, emits);
      const { seq } = (await hub.emit({ type: "t" })).events[0];
      expectLike("what another socket hears", await other.events(1), [{ type: "t", seq }]);
    },
  },
];
