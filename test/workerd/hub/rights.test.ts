import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { Hub } from "../../../src/hub/hub.ts";
import { inboxOf } from "../../support/inbox.ts";
import { SECRET, sign } from "../../support/minting.ts";
import { alarmOf, listenAs, post, ringAt, twins, upgradeAs } from "../../support/workerd-listener.ts";

describe.each(twins)("a socket with rights, $how", ({ how, pause }) => {
  const channelOf = (name: string) => `rights-${name}-${how.length}`;

  it("[T15] is warned before its token expires, and closed with 4401 at the expiry", async () => {
    const channel = channelOf("ends");
    const expiresMs = Date.now() + 90_000;
    const { frame, closed } = await listenAs(channel, { sub: "ada", expiresMs });
    await frame();
    await vi.waitFor(async () => expect(await alarmOf(channel)).toBeLessThanOrEqual(expiresMs - 40_000));
    await pause(channel);
    await ringAt(channel, expiresMs - 44_000); // after half of the remaining time
    expect(await frame()).toMatchObject({ type: "reactor_error", data: { code: "token_expiring" } });
    await pause(channel);
    await ringAt(channel, expiresMs);
    expect((await closed).code).toBe(4401);
  });

  it("[T17] emits what it may, with its own source", async () => {
    const channel = channelOf("emits");
    const { frame, socket } = await listenAs(channel, { sub: "ada", emit: ["chat_*"] });
    await frame();
    await pause(channel);
    socket.send(JSON.stringify({ type: "emit", ref: 1, data: { type: "chat_said", data: { n: 1 }, source: "x" } }));
    expect((await frame()).events).toMatchObject([{ type: "chat_said", source: "user:ada", data: { n: 1 } }]);
    expect(await frame()).toMatchObject({ type: "reactor_emitted", data: { ref: 1, duplicate: false } });
    await pause(channel);
    socket.send(JSON.stringify({ type: "emit", ref: 2, data: { type: "news" } }));
    expect(await frame()).toMatchObject({ type: "reactor_error", data: { code: "forbidden", ref: 2 } });
  });

  it("[T13] receives only what it is allowed to, whatever it subscribes to", async () => {
    const channel = channelOf("receives");
    const { frame, socket } = await listenAs(channel, { sub: "ada", hear: ["a"] });
    await frame();
    await pause(channel);
    socket.send(JSON.stringify({ type: "subscribe", data: { events: ["*"] } }));
    await frame();
    await pause(channel);
    await post(`?channel=${channel}`, [{ type: "b" }, { type: "a" }]);
    expect((await frame()).events).toMatchObject([{ type: "a", seq: 2 }]);
  });
});

it("[T18] is closed with 4429 when it sends more than it may", async () => {
  const { frame, socket, closed } = await listenAs("rights-loud", {});
  await frame();
  for (let n = 0; n < 500; n++) socket.send("{}");
  expect((await closed).code).toBe(4429);
});

it("[T16] closes a socket that presents a token where none are configured", async () => {
  const { frame, socket, closed } = await listenAs("rights-no-tokens", {});
  await frame();
  socket.send(JSON.stringify({ type: "auth", data: { token: "a.b.c" } }));
  expect((await closed).code).toBe(4401);
});

it.each([
  ["a token for another channel", { channels: ["lobby"] }, 4503],
  ["an expired token", { exp: Math.floor(Date.now() / 1000) - 6 }, 4401],
  ["a valid token", { channels: ["rights-shows"] }, undefined],
])("[T16] applies the claims of %s, on an open socket too", async (_, claims, code) => {
  const channel = "rights-shows";
  const token = await sign({ sub: "ada", exp: Math.floor(Date.now() / 1000) + 600, ...claims });
  const closed = await runInDurableObject(env.HUB.getByName(channel), async (_, ctx) => {
    const before = new Set(ctx.getWebSockets());
    const hub = new Hub(ctx, { ...env, REACTOR_JWT_SECRET: SECRET });
    const page = hub.fetch(upgradeAs(channel, { sub: "ada" })).webSocket ?? expect.fail();
    const { frame } = inboxOf(page);
    page.accept();
    const socket = ctx.getWebSockets().find((each) => !before.has(each)) ?? expect.fail();
    hub.webSocketMessage(socket, JSON.stringify({ type: "auth", data: { token } }));
    hub.webSocketMessage(socket, JSON.stringify({ type: "subscribe", data: { events: [] } }));
    await frame(); // the welcome
    return (await frame()).data.close;
  });
  expect(closed).toBe(code);
});

it.each([
  ["a channel", { SOCKETS_PER_CHANNEL: "1" }, [4429]],
  ["an address", { SOCKETS_PER_ADDRESS: "1" }, [4429, undefined]],
])(
  "[T19] accepts no more sockets of %s than allowed, and closes with a code after which they reconnect",
  async (name, vars, codes) => {
    const channel = `rights-full-${name.length}`;
    const stub = env.HUB.getByName(channel);
    await stub.status();
    const upgrade = (address: string) => upgradeAs(channel, {}, { "CF-Connecting-IP": address });
    const seen = await runInDurableObject(stub, async (_, ctx) => {
      const hub = new Hub(ctx, { ...env, ...vars });
      hub.fetch(upgrade("192.0.2.1"));
      const closes = ["192.0.2.1", "192.0.2.2"].slice(0, codes.length).map((address) => {
        const socket = hub.fetch(upgrade(address)).webSocket ?? expect.fail();
        const first = new Promise<number | undefined>((resolve) => {
          socket.addEventListener("message", ({ data }) => resolve(JSON.parse(String(data)).data.close));
        });
        socket.accept();
        return first;
      });
      return Promise.all(closes);
    });
    expect(seen).toEqual(codes);
  },
);
