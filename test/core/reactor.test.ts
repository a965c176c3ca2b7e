import { describe, expect, expectTypeOf, it } from "vitest";
import { type Carried, Reactor } from "../../src/core/reactor.ts";
import type { ReactorEvents } from "../../src/core/reactor-events.ts";

/** A bus on its own: what is emitted is recorded and shown to nobody but a list. */
function setup() {
  const shown: string[] = [];
  const reports: string[] = [];
  const awake: Promise<unknown>[] = [];
  let ms = 0;
  let seq = 0;
  const record = (type: string, data: unknown): Carried => {
    seq += 1;
    const event = { type, data, source: "system", timestamp: "", id: `${seq}`, seq };
    return { type, event: JSON.stringify(event) };
  };
  const ports = {
    now: () => ({ ms, iso: "" }),
    record,
    wsBroadcast: (events: readonly Carried[]) => void shown.push(...events.map(({ type }) => type)),
    report: (what: string, error: unknown) => void reports.push(`${what}: ${error}`),
    keepAwake: (promise: Promise<unknown>) => void awake.push(promise),
  };
  const reactor = new Reactor<ReactorEvents>(ports);
  reactor.start();
  const pass = (by: number) => {
    ms += by;
  };
  return { reactor, ports, shown, reports, awake, pass };
}

it("[B1] calls who listens to a name, with the data and the event, in the order in which they came", async () => {
  const { reactor, shown } = setup();
  const heard: unknown[] = [];
  reactor.on("news_processed", (data, { event }) => void heard.push(["first", data, event.seq]));
  reactor.on("news_processed", (data) => void heard.push(["second", data]));
  reactor.on("digest_created", () => void heard.push("never"));
  reactor.on("*", (_, { event }) => void heard.push(["any", event.type]));
  await reactor.emit("news_processed", { count: 1 });
  expect(heard).toEqual([
    ["first", { count: 1 }, 1],
    ["second", { count: 1 }],
    ["any", "news_processed"],
  ]);
  expect(shown).toEqual(["news_processed"]);
});

it("[B1] calls no more who has left, and once who came for one", async () => {
  const { reactor } = setup();
  const heard: string[] = [];
  const stays = () => void heard.push("stays");
  const undo = reactor.on("user_action", () => void heard.push("undone"));
  const undoOnce = reactor.once("user_action", () => void heard.push("never"));
  reactor.once("user_action", () => void heard.push("once"));
  reactor.on("user_action", stays);
  undo();
  undoOnce();
  await reactor.emit("user_action", {});
  await reactor.emit("user_action", {});
  reactor.off("user_action", stays);
  reactor.off("user_action", stays);
  await reactor.emit("user_action", {});
  expect(heard).toEqual(["once", "stays", "stays"]);
  expect(reactor.getMetrics().listeners_count).toBe(0);
});

describe("[B2] a listener that fails", () => {
  it("[B2] stops neither the others nor the emit, whether it throws now or later", async () => {
    const { reactor, reports } = setup();
    const heard: string[] = [];
    reactor.on("user_action", () => {
      throw new Error("now");
    });
    reactor.on("user_action", async () => {
      await Promise.resolve();
      throw new Error("later");
    });
    reactor.on("user_action", () => void heard.push("heard"));
    await reactor.emit("user_action", {});
    expect(heard).toEqual(["heard"]);
    expect(reports).toEqual(["user_action: Error: now", "user_action: Error: later"]);
  });

  it("[B2] hands the others what was emitted, whatever it made of its own copy", async () => {
    const { reactor } = setup();
    const heard: unknown[] = [];
    reactor.on("user_action", (data, { event }) => {
      (data as { n: number }).n = 2;
      Object.assign(event, { type: "forged" });
    });
    reactor.on("user_action", (data, { event }) => void heard.push(data, event.type));
    await reactor.emit("user_action", { n: 1 });
    expect(heard).toEqual([{ n: 1 }, "user_action"]);
  });
});

it("[B3] fails no emit when the broadcast fails", async () => {
  const { ports, reports } = setup();
  const heard: string[] = [];
  const broken = new Reactor({
    ...ports,
    wsBroadcast: () => {
      throw new Error("no sockets");
    },
  });
  broken.start();
  broken.on("a", () => void heard.push("a"));
  await broken.emit("a", {});
  expect([heard, reports]).toEqual([["a"], ["ws_broadcast: Error: no sockets"]]);
});

it("[B4] waits in emit for listeners that take their time, and not in emitSync, which keeps them awake", async () => {
  const { reactor, awake } = setup();
  const heard: string[] = [];
  let goOn = () => {};
  reactor.on("ai_model_trained", async () => {
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    heard.push("done");
  });
  reactor.emitSync("ai_model_trained", {});
  expect([heard, awake.length]).toEqual([[], 1]);
  goOn();
  await awake[0];
  expect(heard).toEqual(["done"]);
  const emitted = reactor.emit("ai_model_trained", {});
  goOn();
  await emitted;
  expect(heard).toEqual(["done", "done"]);
});

it("[B5] lets listeners emit behind what they heard, eight deep and no deeper", async () => {
  const { reactor, shown, reports } = setup();
  const seqs: (number | undefined)[] = [];
  reactor.on("again", async (_, { event, emit }) => {
    seqs.push(event.seq);
    await emit("again", {});
  });
  await reactor.emit("again", {});
  expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(shown).toHaveLength(9);
  expect(reports).toEqual(['again: Error: "again" would be emitted 9 deep; listeners may go 8.']);
});

it("[B6] emits nothing and calls nobody while it is stopped", async () => {
  const { reactor, shown, pass } = setup();
  const heard: string[] = [];
  reactor.on("a", () => void heard.push("a"));
  pass(2_500);
  expect(reactor.getHealth()).toEqual({ status: "healthy", listeners: 1, events_emitted: 0, uptime: 2.5 });
  reactor.stop();
  await reactor.emit("a", {});
  reactor.emitSync("a", {});
  expect([heard, shown]).toEqual([[], []]);
  expect(reactor.getHealth()).toEqual({ status: "stopped", listeners: 1, events_emitted: 0, uptime: 0 });
  reactor.start();
  await reactor.emit("a", {});
  expect(heard).toEqual(["a"]);
});

it("[B7] counts events and listeners, by name", async () => {
  const { reactor } = setup();
  reactor.on("a", () => {});
  reactor.on("a", () => {});
  reactor.on("b", () => {});
  await reactor.emit("a", {});
  await reactor.emit("c", {});
  await reactor.emit("a", {});
  expect(reactor.getMetrics()).toEqual({
    events_emitted: 3,
    event_types: 2,
    listeners_count: 3,
    event_breakdown: { a: 2, c: 1 },
    listeners_breakdown: { a: 2, b: 1 },
  });
});

it("rejects, and throws, what could not be recorded", async () => {
  const { ports, shown } = setup();
  const full = new Reactor({
    ...ports,
    record: () => {
      throw new Error("The disk is full.");
    },
  });
  full.start();
  await expect(full.emit("a", {})).rejects.toThrow("The disk is full.");
  expect(() => full.emitSync("a", {})).toThrow("The disk is full.");
  expect(shown).toEqual([]);
});

it("knows the data of the hub's own events by their type", () => {
  const { reactor } = setup();
  reactor.on("reactor_heartbeat", (data) => {
    expectTypeOf(data.connected_clients).toBeNumber();
  });
  reactor.on("something_else", (data) => {
    expectTypeOf(data).toBeUnknown();
  });
});
