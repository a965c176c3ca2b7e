import { describe, expect, expectTypeOf, it } from "vitest";
import { busAlone, settle } from "../../support/bus-alone.ts";

it("[B1] calls the listeners of a name, with the data and the event, in the order in which they were added", async () => {
  const { bus, shown } = busAlone();
  const received: unknown[] = [];
  bus.on("news_processed", (data, { event }) => void received.push(["first", data, event.seq]));
  bus.on("news_processed", (data) => void received.push(["second", data]));
  bus.on("digest_created", () => void received.push("never"));
  bus.on("*", (_, { event }) => void received.push(["any", event.type]));
  await bus.emit("news_processed", { count: 1 });
  expect(received).toEqual([
    ["first", { count: 1 }, 1],
    ["second", { count: 1 }],
    ["any", "news_processed"],
  ]);
  expect(shown).toEqual(["news_processed"]);
});

it("[B1] does not call a removed listener, and calls a `once` listener once", async () => {
  const { bus } = busAlone();
  const received: string[] = [];
  const stays = () => void received.push("stays");
  const undo = bus.on("user_action", () => void received.push("undone"));
  const undoOnce = bus.once("user_action", () => void received.push("never"));
  bus.once("user_action", () => void received.push("once"));
  bus.on("user_action", stays);
  undo();
  undoOnce();
  await bus.emit("user_action", {});
  await bus.emit("user_action", {});
  bus.off("user_action", stays);
  bus.off("user_action", stays);
  await bus.emit("user_action", {});
  expect(received).toEqual(["once", "stays", "stays"]);
  expect(bus.getMetrics().listeners_count).toBe(0);
});

describe("[B2] a listener that fails", () => {
  it("[B2] stops neither the others nor the emit, whether it throws or rejects", async () => {
    const { bus, reports } = busAlone();
    const received: string[] = [];
    bus.on("user_action", () => {
      throw new Error("now");
    });
    bus.on("user_action", async () => {
      await Promise.resolve();
      throw new Error("later");
    });
    bus.on("user_action", () => void received.push("received"));
    await bus.emit("user_action", {});
    expect(received).toEqual(["received"]);
    expect(reports).toEqual(['A listener of "user_action": Error: now', 'A listener of "user_action": Error: later']);
  });

  it("[B2] passes the others what was emitted, whatever it did to its own copy", async () => {
    const { bus } = busAlone();
    const received: unknown[] = [];
    bus.on("user_action", (data, { event }) => {
      (data as { n: number }).n = 2;
      Object.assign(event, { type: "forged" });
    });
    bus.on("user_action", (data, { event }) => void received.push(data, event.type));
    await bus.emit("user_action", { n: 1 });
    expect(received).toEqual([{ n: 1 }, "user_action"]);
  });
});

it("[B3] fails no emit when the broadcast fails", async () => {
  const received: string[] = [];
  const { bus, reports } = busAlone(() => ({
    broadcast: () => {
      throw new Error("no sockets");
    },
  }));
  bus.on("a", () => void received.push("a"));
  await bus.emit("a", {});
  expect([received, reports]).toEqual([["a"], ["ws_broadcast: Error: no sockets"]]);
});

it("[B4] waits for asynchronous listeners in emit, and not in emitSync, which keeps the hub awake for them", async () => {
  const { bus, awake } = busAlone();
  const received: string[] = [];
  let goOn = () => {};
  bus.on("ai_model_trained", async () => {
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    received.push("done");
  });
  bus.emitSync("ai_model_trained", {});
  expect([received, awake.size]).toEqual([[], 1]);
  goOn();
  await settle();
  expect([received, awake.size]).toEqual([["done"], 0]);
  const emitted = bus.emit("ai_model_trained", {});
  goOn();
  await emitted;
  expect(received).toEqual(["done", "done"]);
});

it("[B6] emits nothing and calls no listener while it is stopped", async () => {
  const { bus, shown, pass } = busAlone();
  const received: string[] = [];
  bus.on("a", () => void received.push("a"));
  pass(2_500);
  expect(bus.getHealth()).toEqual({ status: "healthy", listeners: 1, events_emitted: 0, uptime: 2.5 });
  bus.stop();
  await bus.emit("a", {});
  bus.emitSync("a", {});
  expect([received, shown]).toEqual([[], []]);
  expect(bus.getHealth()).toEqual({ status: "stopped", listeners: 1, events_emitted: 0, uptime: 0 });
  bus.start();
  await bus.emit("a", {});
  expect(received).toEqual(["a"]);
});

it("[B6] calls no listener after a listener stops it, whatever else is queued", async () => {
  const { bus, record, deliver } = busAlone();
  const received: string[] = [];
  bus.on("a", () => void received.push("a"));
  bus.on("a", () => bus.stop());
  bus.on("b", () => void received.push("b"));
  await deliver([record("a", {}), record("b", {})]);
  await bus.dispatch([record("b", {})]);
  expect(received).toEqual(["a"]);
});

it("[B7] counts events and listeners, by name", async () => {
  const { bus } = busAlone();
  bus.on("a", () => {});
  bus.on("a", () => {});
  bus.on("b", () => {});
  await bus.emit("a", {});
  await bus.emit("c", {});
  await bus.emit("a", {});
  expect(bus.getMetrics()).toEqual({
    events_emitted: 3,
    event_types: 2,
    listeners_count: 3,
    event_breakdown: { a: 2, c: 1 },
    listeners_breakdown: { a: 2, b: 1 },
  });
});

it("[B11] counts 256 types by name, and the rest together: names are a publisher's words", async () => {
  const { bus, record, deliver } = busAlone();
  bus.on("*", () => {});
  for (let n = 0; n < 300; n++) await deliver([record(`type-${n}`, {})]);
  const { events_emitted, event_types, event_breakdown } = bus.getMetrics();
  expect([events_emitted, event_types, event_breakdown["(other)"]]).toEqual([300, 257, 44]);
  expect(bus.getHealth()).toMatchObject({ events_emitted: 300, listeners: 1 });
});

it("rejects, or throws, if an event could not be recorded", async () => {
  const { bus, shown } = busAlone(() => ({
    record: () => {
      throw new Error("The disk is full.");
    },
  }));
  await expect(bus.emit("a", {})).rejects.toThrow("The disk is full.");
  expect(() => bus.emitSync("a", {})).toThrow("The disk is full.");
  expect(shown).toEqual([]);
});

it("types the data of the hub's own events", () => {
  const { bus } = busAlone();
  bus.on("reactor_heartbeat", (data) => {
    expectTypeOf(data.connected_clients).toBeNumber();
  });
  bus.on("something_else", (data) => {
    expectTypeOf(data).toBeUnknown();
  });
});
