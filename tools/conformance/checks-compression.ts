// The compressed form of reactor.v1: what it is, and when it comes.
import type { Check } from "./check.ts";
import type { HubUnderTest } from "./hub-under-test.ts";
import { count, expectEqual, expectTrue, inCase, type Json, seqOf } from "./mismatch.ts";
import { RangeReader } from "./range-reader.ts";
import type { TappedSocket } from "./tapped-socket.ts";

/** What a client that can inflate offers. */
const INFLATING = ["reactor.v1.deflate", "reactor.v1"];

/** So many that can inflate get the compressed form. */
const READERS = 3;

const news = (n: number) => ({ type: "t", data: { title: `Parliament votes on the budget for the ${n}. time` } });

const open = (hub: HubUnderTest, query = {}) => Promise.all(count(1, READERS).map(() => hub.listen(query, INFLATING)));

/** The events of `count` frames or more, checked by the range rule. */
async function read(socket: TappedSocket, welcome: Json, enough: number): Promise<Json[]> {
  const reader = new RangeReader(welcome.cursor);
  return await socket.events(enough, (frame) => reader.take(frame));
}

export const COMPRESSION_CHECKS: readonly Check[] = [
  {
    rule: "F14",
    description:
      "a binary message of reactor.v1.deflate is one raw deflate stream of a reactor_events; the rest is text",
    async run(hub) {
      const readers = [...(await open(hub)), await hub.listen()];
      for (const n of count(1, 5)) await hub.emit([news(n), news(n)]);
      const all = [];
      for (const { socket, welcome } of readers) all.push(await read(socket, welcome, 10));
      for (const events of all) expectEqual("what each receives, in either form", events, all[READERS]);
      const plain = readers[READERS]?.socket.binaryMessages;
      expectEqual("binary messages of reactor.v1", plain, 0);
      const [first] = readers;
      first?.socket.send({ type: "subscribe", data: { events: ["t"] } });
      first?.socket.send({ type: "?" });
      const before = first?.socket.binaryMessages;
      for (const type of ["reactor_subscribed", "reactor_error"]) {
        expectEqual("an answer", (await first?.socket.frame())?.type, type);
      }
      expectEqual("binary messages among the answers", first?.socket.binaryMessages, before);
    },
  },
  {
    rule: "F15",
    description:
      "three sockets that can inflate are sent the compressed form, one alone the text; a page that three read, too",
    async run(hub) {
      await inCase("live", async () => {
        const readers = await open(hub);
        await hub.emit(count(1, 5).map(news));
        for (const { socket, welcome } of readers) {
          await read(socket, welcome, 5);
          expectTrue("a binary message", socket.binaryMessages > 0, socket.binaryMessages);
          socket.cut();
        }
      });
      await inCase("a page", async () => {
        await hub.emit(news(6)); // else the page would be the frame that was sent live
        const forms: number[] = [];
        for (const _ of count(1, READERS)) {
          const { socket, welcome } = await hub.listen({ cursor: "0.0" }, INFLATING);
          await socket.events(6, (frame) => expectTrue("a cursor", seqOf(frame.cursor) >= 0, welcome));
          forms.push(socket.binaryMessages);
        }
        expectEqual("how many binary messages each has received", forms, [0, 0, 1]);
      });
    },
  },
];
