// What listeners emit: its order, and its bounds.
import { describe, expect, it, onTestFinished } from "vitest";
import { busAlone, settle } from "../../support/bus-alone.ts";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory, settled } from "../../support/hub-in-memory.ts";
import { seqsOf } from "../../support/what-was-sent.ts";

/** Unhandled rejections from here to the end of the test. */
function unhandled(): unknown[] {
  const seen: unknown[] = [];
  const see = (error: unknown) => void seen.push(error);
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", see);
  onTestFinished(() => {
    process.off("unhandledRejection", see);
    for (const other of others) process.on("unhandledRejection", other);
  });
  return seen;
}

/** Node reports unhandled rejections before its next turn. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("the order", () => {
  it("[B5] calls every listener for a batch, then for what its listeners emitted: the order of the log and of the sockets", async () => {
    const hub = new HubInMemory();
    const socket = hub.join();
    const received: (number | undefined)[] = [];
    hub.broker.bus.on("a", (_, { emit }) => void emit("x", {}));
    hub.broker.bus.on("x", (_, { emit }) => void emit("y", {}));
    hub.broker.bus.on("*", (_, { event }) => void received.push(event.seq));
    hub.emit([draftOf({ type: "a" }), draftOf({ type: "b" })]);
    await settled();
    expect(received).toEqual([1, 2, 3, 4]);
    expect(seqsOf(socket)).toEqual([1, 2, 3, 4]);
  });

  it("[B5] sends clients what a listener emitted before that listener continues", () => {
    const { bus, shown } = busAlone();
    const seen: string[][] = [];
    bus.on("a", (_, { emit }) => {
      void emit("x", {});
      seen.push([...shown]);
    });
    bus.emitSync("a", {});
    expect(seen).toEqual([["a", "x"]]);
  });

  it("[B5] keeps the order if a broadcast itself emits an event, and a listener of that emits", async () => {
    const received: string[] = [];
    const { bus }: ReturnType<typeof busAlone> = busAlone(() => ({
      broadcast([event]) {
        if (event?.type === "a") void bus.dispatch([{ type: "left", event: '{"type":"left"}' }]);
      },
    }));
    bus.on("left", (_, { emit }) => void emit("x", {}));
    bus.on("*", (_, { event }) => void received.push(event.type));
    await bus.emit("a", {});
    expect(received).toEqual(["left", "a", "x"]); // "left" is not in the log, and "x" is after "a" there
  });

  it("[B4] [B5] lets a listener await what it emits, and the outer emit waits for both", async () => {
    const { bus } = busAlone();
    const steps: string[] = [];
    bus.on("a", async (_, { emit }) => {
      await emit("x", {});
      steps.push("a goes on");
    });
    bus.on("x", async () => {
      await Promise.resolve();
      steps.push("x is done");
    });
    await bus.emit("a", {});
    expect(steps).toEqual(["x is done", "a goes on"]);
  });

  it("continues in order after a listener has thrown", async () => {
    const { bus, record, deliver } = busAlone();
    const received: string[] = [];
    bus.on("a", (_, { emit }) => {
      void emit("x", {});
      throw new Error("no");
    });
    bus.on("*", (_, { event }) => void received.push(event.type));
    await deliver([record("a", {}), record("b", {})]);
    await bus.emit("c", {});
    expect(received).toEqual(["a", "b", "x", "c"]);
  });
});

describe("the bounds", () => {
  it("[B5] lets listeners emit eight deep and no deeper, and reports that once", async () => {
    const { bus, shown, reports } = busAlone();
    bus.on("again", async (_, { emit }) => await emit("again", {}));
    await bus.emit("again", {});
    expect(shown).toHaveLength(1 + 8);
    expect(reports).toEqual(['A listener of "again": Error: "again" would be emitted 9 deep; listeners may go 8.']);
  });

  it.each([
    ["that it was handed", true],
    ["of the reactor", false],
  ])("[B5] lets one event cause 64 emits and no more, by the emit %s", async (_how, isHanded) => {
    const { bus, shown, reports } = busAlone();
    for (let n = 0; n < 2; n++) bus.on("*", (_, context) => (isHanded ? context : bus).emit("again", {}));
    await bus.emit("again", {});
    expect(shown).toHaveLength(1 + 64);
    expect(reports).toEqual([
      'A listener of "again": Error: "again" would be one more than the 64 that an event may cause.',
    ]);
  });

  it("[B5] bounds what is committed together with others, and what comes of each", async () => {
    const hub = new HubInMemory();
    let emits = 0; // a hub without bounds fails this test, and does not hang it
    hub.broker.bus.on("again", (_, { emit }) => void (++emits < 200 && emit("again", {})));
    for (let n = 0; n < 3; n++) void hub.broker.emit([draftOf({ type: "again" })]);
    for (let turn = 0; turn < 12; turn++) await settled();
    expect(hub.log.cursor.seq).toBe(3 * (1 + 8));
    expect(hub.reports).toHaveLength(3);
  });

  it("[B5] counts for each event of a batch by itself", async () => {
    const { bus, record, deliver, shown, reports } = busAlone();
    bus.on("a", (_, { emit }) => emit("x", {}));
    await deliver(Array.from({ length: 1_000 }, () => record("a", {})));
    expect([shown.length, reports]).toEqual([2_000, []]);
  });

  it("[B5] throws from emitSync if an event is refused", async () => {
    const { bus, shown, reports } = busAlone();
    bus.on("again", () => bus.emitSync("again", {}));
    await bus.emit("again", {});
    expect([shown.length, reports]).toEqual([
      9,
      ['A listener of "again": Error: "again" would be emitted 9 deep; listeners may go 8.'],
    ]);
  });

  it("[B2] reports a refusal to a listener that does not await it, and rejects for one that does", async () => {
    const rejections = unhandled();
    const { bus, reports } = busAlone(({ record }) => ({
      record: (name, data) => {
        if (name === "bad") throw new TypeError("That is no event.");
        return record(name, data);
      },
    }));
    const caught: string[] = [];
    bus.on("a", (_, { emit }) => void emit("bad", {}));
    bus.on("a", () => void bus.emit("bad", {}));
    bus.on("b", async (_, { emit }) => {
      await emit("bad", {}).catch((error) => caught.push(`${error}`));
    });
    bus.on("c", (_, { emit }) => emit("bad", {}));
    for (const name of ["a", "b", "c"]) await bus.emit(name, {});
    bus.on("again", (_, { emit }) => void emit("again", {}));
    bus.emitSync("again", {});
    await settle();
    await nextTurn();
    const bad = (name: string) => `A listener of "${name}": TypeError: That is no event.`;
    const deep = 'A listener of "again": Error: "again" would be emitted 9 deep; listeners may go 8.';
    expect(reports).toEqual([bad("a"), bad("a"), bad("b"), bad("c"), deep]);
    expect(caught).toEqual(["TypeError: That is no event."]);
    expect(rejections).toEqual([]);
  });

  it("[B2] reports an error each time it is thrown, also if it is the same object", async () => {
    const { bus, reports } = busAlone();
    const same = new Error("again");
    bus.on("a", () => {
      throw same;
    });
    await bus.emit("a", {});
    await bus.emit("a", {});
    expect(reports).toHaveLength(2);
  });
});
