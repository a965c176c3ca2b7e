import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { EventBus } from "../../../src/core/bus/event-bus.ts";
import { post } from "../../support/workerd-listener.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The bus of a channel's hub, which keeps it to itself. */
async function busOf(channel: string): Promise<EventBus> {
  const started = vi.spyOn(EventBus.prototype, "start");
  await post(`?channel=${channel}`, { type: "first" });
  return started.mock.contexts[0] as EventBus;
}

it("[B10] gives up a listener that never settles after 30 s, and logs it", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  /** A timer may only touch what belongs to the object that set it. */
  const pass = (ms: number) =>
    runInDurableObject(env.HUB.getByName("stuck"), () => {
      vi.advanceTimersByTime(ms);
    });

  const bus = await busOf("stuck");
  bus.on("stuck", () => new Promise(() => {}));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }); // the hub waits for a real one to commit the next event
  await post("?channel=stuck", { type: "stuck" });
  await pass(29_999);
  expect(logged).not.toHaveBeenCalled();
  await pass(1); // given up
  await pass(1); // reported by a timer of 0 ms, which fake timers run 1 ms later
  expect(logged.mock.calls).toEqual([
    ['A listener of "stuck" failed.', expect.stringMatching(/took longer than 30 s/)],
  ]);
});

it("[B9] logs what a listener throws, with no message at the start of a line", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  const bus = await busOf("throws");
  bus.on("bad", (data) => {
    throw new Error(`No such state: ${data}`);
  });
  await post("?channel=throws", { type: "bad", data: "x\n[ERROR] forged\u001b[31m" });
  const [first, ...rest] = logged.mock.calls.flat().join(" ").split("\n");
  expect(first).toBe('A listener of "bad" failed. Error: "No such state: x\\n[ERROR] forged\\u001b[31m"');
  expect(rest.filter((line) => !/^ +at /.test(line))).toEqual([]);
});
