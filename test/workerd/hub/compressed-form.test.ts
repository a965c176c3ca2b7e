import { describe, expect, it } from "vitest";
import { textOf } from "../../support/inbox.ts";
import { type Listener, listen, post, twins } from "../../support/workerd-listener.ts";

const DEFLATE = { "Sec-WebSocket-Protocol": "reactor.v1.deflate, reactor.v1" };
const TITLE = "Parliament votes on the budget after a night of talks in the capital";

const news = (n: number) => ({ type: "news_processed", data: { title: TITLE, n } });

/** Of the next frame of events: its form, and the numbers in it. */
async function read({ message }: Listener): Promise<{ form: string; ns: number[] }> {
  const data = await message();
  const { events } = JSON.parse(await textOf(data)) as { events: { data: { n: number } }[] };
  return { form: typeof data === "string" ? "text" : "deflate", ns: events.map((event) => event.data.n) };
}

it.each([
  ["reactor.v1.deflate, reactor.v1", "reactor.v1.deflate"],
  ["reactor.v1, reactor.v1.deflate", "reactor.v1"],
  ["other, reactor.v1.deflate", "reactor.v1.deflate"],
])("[S1] chooses of %s the first that it speaks", async (offered, chosen) => {
  const { reply, frame } = await listen("?channel=compressed-offer", { "Sec-WebSocket-Protocol": offered });
  expect(reply.headers.get("Sec-WebSocket-Protocol")).toBe(chosen);
  expect((await frame()).type).toBe("reactor_connected");
});

it("[S1] [S12] names the subprotocol that was offered on a socket that it refuses, too", async () => {
  const { reply, frame } = await listen("?channel=compressed-bad&cursor=no", DEFLATE);
  expect(reply.headers.get("Sec-WebSocket-Protocol")).toBe("reactor.v1.deflate");
  expect((await frame()).data.code).toBe("bad_cursor");
});

describe.each(twins)("a hub that is $how", ({ how, pause }) => {
  it("[F14] [S4] sends three sockets that inflate a frame in its compressed form, and the fourth that does not its text", async () => {
    const channel = `compressed ${how}`.replaceAll(" ", "-");
    const inflating = [];
    for (let n = 0; n < 3; n++) inflating.push(await listen(`?channel=${channel}`, DEFLATE));
    const plain = await listen(`?channel=${channel}`);
    const all = [...inflating, plain];
    for (const each of all) expect(typeof (await each.message())).toBe("string"); // the welcome
    for (const n of [1, 2]) {
      await post(`?channel=${channel}`, news(n));
      for (const each of inflating) expect(await read(each)).toEqual({ form: "deflate", ns: [n] });
      expect(await read(plain)).toEqual({ form: "text", ns: [n] });
      await pause(channel);
    }
    inflating[0]?.socket.send(JSON.stringify({ type: "subscribe", data: { events: ["news_*"] } }));
    expect(typeof (await inflating[0]?.message())).toBe("string");
  });

  it("[F15] sends two that inflate text", async () => {
    const channel = `two ${how}`.replaceAll(" ", "-");
    const two = [await listen(`?channel=${channel}`, DEFLATE), await listen(`?channel=${channel}`, DEFLATE)];
    for (const each of two) await each.message();
    await pause(channel);
    await post(`?channel=${channel}`, news(1));
    for (const each of two) expect(await read(each)).toEqual({ form: "text", ns: [1] });
  });

  it("[F15] [P2] compresses the page that a third reader asks for", async () => {
    const channel = `page ${how}`.replaceAll(" ", "-");
    await post(`?channel=${channel}`, [1, 2, 3].map(news));
    await pause(channel);
    const forms: string[] = [];
    for (let n = 0; n < 4; n++) {
      const reader = await listen(`?channel=${channel}&cursor=0.0`, DEFLATE);
      await reader.message();
      const { form, ns } = await read(reader);
      expect(ns).toEqual([1, 2, 3]);
      forms.push(form);
    }
    expect(forms).toEqual(["text", "text", "deflate", "deflate"]);
  });
});
