import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EventBus } from "../../../src/core/bus/event-bus.ts";
import type { ReactorEvents } from "../../../src/core/bus/event-names.ts";
import { Hub } from "../../../src/hub/hub.ts";
import { addListeners } from "../../../src/hub/listeners.ts";
import { listen, post, twins } from "../../support/workerd-listener.ts";

afterEach(() => vi.restoreAllMocks());

/** A bus in workerd, whose events are all of one source. */
function busOf(source = "news-1") {
  const reports: string[] = [];
  const awake: Promise<unknown>[] = [];
  const bus: EventBus<ReactorEvents> = new EventBus<ReactorEvents>({
    now: () => ({ ms: 0, iso: "" }),
    after: () => () => {},
    emit: (type, data, cause) => bus.dispatch([{ type, event: JSON.stringify({ type, data, source }) }], cause),
    report: (what, error) => void reports.push(`${what}: ${error}`),
    keepAwake: (promise) => void awake.push(promise),
  });
  bus.start();
  return { bus, reports, awake };
}

describe("the listener that comes with the hub", () => {
  it("logs which backend is unhealthy, and nothing of the healthy ones", async () => {
    const logged = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { bus, reports } = busOf();
    addListeners(bus);
    for (const data of [{ status: "healthy" }, {}, null, [], "x", { status: 7 }, { status: "degraded" }]) {
      await bus.emit("system_health_check", data);
    }
    expect(logged.mock.calls).toEqual([['"news-1" says it is "degraded".']]);
    expect(reports).toEqual([]);
  });

  it("[B1] runs in the hub", async () => {
    const logged = vi.spyOn(console, "warn").mockImplementation(() => {});
    await post("?channel=listeners", { type: "system_health_check", data: { status: "on fire" }, source: "ai-2" });
    await vi.waitFor(() => expect(logged.mock.calls).toEqual([['"ai-2" says it is "on fire".']]));
  });

  it("[B9] prints one line, without terminal codes and of bounded length, whatever a publisher sends", async () => {
    const logged = vi.spyOn(console, "warn").mockImplementation(() => {});
    const forged = "x\n[ERROR] FORGED LINE\u001b[31m\u009b1m\u2028";
    const data = { status: forged + "y".repeat(10_000) };
    await post("?channel=forged", { type: "system_health_check", data, source: forged });
    await vi.waitFor(() => expect(logged).toHaveBeenCalledOnce());
    const [line] = logged.mock.calls[0] ?? [];
    expect(line).toMatch(/^[ -~…]{1,400}$/);
    expect(line).toContain("FORGED LINE");
  });
});

describe("the promise of an RPC", () => {
  it("[B4] is awaited, and keeps the hub awake", async () => {
    const { bus, awake, reports } = busOf();
    const rpc: { outcome?: unknown; seen?: string } = {};
    bus.on("a", () => {
      const outcome = env.HUB.getByName("rpc-outcome").status();
      void outcome.then(({ cursor }) => {
        rpc.seen = cursor;
      });
      rpc.outcome = outcome;
      return outcome;
    });
    await bus.emit("a", {});
    expect(rpc.outcome).not.toBeInstanceOf(Promise); // it would be no test of anything else
    expect([rpc.seen, awake.length, reports]).toEqual(["0.0", 1, []]);
  });

  it("[B2] is reported when it rejects", async () => {
    const { bus, reports } = busOf();
    // A stub calls whatever it is asked to; the other side is another Worker's, and may have been deployed since.
    const hub = env.HUB.getByName("rpc-outcome") as unknown as Record<"notify", () => unknown>;
    bus.on("a", () => hub.notify());
    await bus.emit("a", {});
    expect(reports).toEqual(['A listener of "a": TypeError: The RPC receiver does not implement "notify".']);
  });

  it("[B4] is not a stub: that has no `then`, and nothing is called on the other side", async () => {
    const { bus, awake, reports } = busOf();
    bus.on("a", () => env.HUB.getByName("rpc-outcome"));
    await bus.emit("a", {});
    expect([awake, reports]).toEqual([[], []]);
  });
});

it.each(twins)(
  "[B8] hears of each socket that leaves, once, also of one whose close wakes the hub, $how",
  async ({ how, pause }) => {
    const channel = `leaving-${how.length}`;
    const heard: unknown[] = [];
    vi.spyOn(Hub, "addListeners").mockImplementation((bus) => {
      bus.on("websocket_disconnected", ({ client_id }) => heard.push(client_id));
    });
    const [leaving, staying] = [await listen(`?channel=${channel}`), await listen(`?channel=${channel}`)];
    const { data } = await leaving.frame();
    await staying.frame();
    await pause(channel);
    leaving.socket.close(1000);
    await leaving.closed;
    await vi.waitFor(() => expect(heard).toEqual([data.client_id]));
    await pause(channel);
    staying.socket.send("hello?");
    await staying.frame();
    expect(heard).toEqual([data.client_id]);
  },
);
