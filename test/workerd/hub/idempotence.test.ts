import { describe, expect, it } from "vitest";
import { listen, post, twins } from "../../support/workerd-listener.ts";

describe.each(twins)("a publisher that retries, to a hub that is $how", ({ how, pause }) => {
  it("[I1] is answered with the first one's seq, and subscribers receive the event once", async () => {
    const channel = `retry-${how.length}`;
    const { frame } = await listen(`?channel=${channel}`);
    await frame();
    const event = { type: "a", id: "1", source: "s", data: { n: 1 } };
    const first = await (await post(`?channel=${channel}`, event)).json<{ cursor: string }>();
    expect((await frame()).events).toHaveLength(1);
    await pause(channel);
    const retry = await post(`?channel=${channel}`, event);
    expect([retry.status, await retry.json()]).toEqual([
      200,
      { cursor: first.cursor, events: [{ id: "1", seq: 1, duplicate: true }] },
    ]);
    await pause(channel);
    await post(`?channel=${channel}`, { type: "b" });
    expect((await frame()).events).toMatchObject([{ type: "b", seq: 2 }]);
  });

  it("[I2] is answered 409 for another event with that id, and nothing is stored", async () => {
    const channel = `conflict-${how.length}`;
    await post(`?channel=${channel}`, { type: "a", id: "1", data: 1 });
    await pause(channel);
    const reply = await post(`?channel=${channel}`, [{ type: "b" }, { type: "a", id: "1", data: 2 }]);
    expect([reply.status, await reply.json()]).toMatchObject([409, { code: "id_conflict", pointer: "/1/id" }]);
    const { cursor } = await (await post(`?channel=${channel}`, { type: "c" })).json<{ cursor: string }>();
    expect(cursor).toMatch(/\.2$/);
  });
});

it("[I1] accepts one of many simultaneous retries", async () => {
  const event = { type: "a", id: "1", source: "s", data: { n: 1 } };
  const replies = await Promise.all(Array.from({ length: 20 }, () => post("?channel=at-once", event)));
  const receipts = await Promise.all(
    replies.map((reply) => reply.json<{ events: { seq: number; duplicate: boolean }[] }>()),
  );
  expect(new Set(receipts.map(({ events }) => events[0]?.seq))).toEqual(new Set([1]));
  expect(receipts.filter(({ events }) => events[0]?.duplicate === false)).toHaveLength(1);
});
