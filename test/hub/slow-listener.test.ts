import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, onTestFinished, vi } from "vitest";
import { Reactor } from "../../src/core/bus/event-bus.ts";
import { post } from "../doubles/workerd-listener.ts";

it("[B10] gives up a listener that never settles after 30 s, and says so in the log", async () => {
  const started = vi.spyOn(Reactor.prototype, "start"); // by the hub, which keeps its bus to itself
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  onTestFinished(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  /** A timer may only touch what belongs to the object that set it. */
  const pass = (ms: number) =>
    runInDurableObject(env.HUB.getByName("stuck"), () => {
      vi.advanceTimersByTime(ms);
    });

  await post("?channel=stuck", { type: "first" });
  const reactor = started.mock.contexts[0] as Reactor;
  reactor.on("stuck", () => new Promise(() => {}));
  await post("?channel=stuck", { type: "stuck" });
  await pass(29_999);
  expect(said).not.toHaveBeenCalled();
  await pass(1);
  expect(said.mock.calls).toEqual([['A listener of "stuck" failed.', expect.stringMatching(/took longer than 30 s/)]]);
});
