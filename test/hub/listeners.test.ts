import { afterEach, expect, it, vi } from "vitest";
import type { Carried } from "../../src/core/reactor.ts";
import { Reactor } from "../../src/core/reactor.ts";
import type { ReactorEvents } from "../../src/core/reactor-events.ts";
import { addListeners } from "../../src/hub/listeners.ts";
import { post } from "../doubles/workerd-listener.ts";

afterEach(() => vi.restoreAllMocks());

it("says in the logs which backend is unwell, and nothing of those that are well", async () => {
  const said = vi.spyOn(console, "warn").mockImplementation(() => {});
  const reactor = new Reactor<ReactorEvents>({
    now: () => ({ ms: 0, iso: "" }),
    record: (type, data): Carried => ({ type, event: JSON.stringify({ type, data, source: "news-1" }) }),
    wsBroadcast: () => {},
    report: (_, error) => {
      throw error;
    },
    keepAwake: () => {},
  });
  reactor.start();
  addListeners(reactor);
  for (const data of [{ status: "healthy" }, {}, null, [], "x", { status: 7 }, { status: "degraded" }]) {
    await reactor.emit("system_health_check", data);
  }
  expect(said.mock.calls).toEqual([['news-1 says it is "degraded".']]);
});

it("[B1] runs in the hub", async () => {
  const said = vi.spyOn(console, "warn").mockImplementation(() => {});
  await post("?channel=listeners", { type: "system_health_check", data: { status: "on fire" }, source: "ai-2" });
  await vi.waitFor(() => expect(said.mock.calls).toEqual([['ai-2 says it is "on fire".']]));
});
