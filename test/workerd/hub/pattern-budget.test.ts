import { describe, expect, it } from "vitest";
import { listenAs, twins } from "../../support/workerd-listener.ts";

const own = (index: number) => Array.from({ length: 64 }, (_, n) => `${index}_${n}_`.padEnd(124, "x"));

describe.each(twins)("the patterns of all sockets of a channel, $how", ({ how, pause }) => {
  it("[S14] [S4] are bounded, and those without patterns are served", async () => {
    const name = `patterns-${how.replaceAll(" ", "-")}`;
    for (let index = 0; index < 700; index++) await listenAs(name, { hear: own(index) });
    await pause(name);
    for (let index = 700; ; index++) {
      const { frame, closed } = await listenAs(name, { hear: own(index) });
      const first = await frame();
      expect(index).toBeLessThan(800); // as many as without the pause
      if (first.type === "reactor_connected") continue;
      expect(first).toMatchObject({ type: "reactor_error", data: { code: "rate_limited", close: 4429 } });
      expect(await closed).toMatchObject({ code: 4429 });
      break;
    }
    await pause(name);
    const { frame, socket } = await listenAs(name, {});
    expect(await frame()).toMatchObject({ type: "reactor_connected" });
    socket.send(JSON.stringify({ type: "subscribe", data: { events: own(-1) } }));
    expect(await frame()).toMatchObject({ type: "reactor_error", data: { code: "rate_limited" } });
    socket.send(JSON.stringify({ type: "subscribe", data: { events: [] } }));
    expect(await frame()).toMatchObject({ type: "reactor_subscribed" });
  });
});
