import { expect, it } from "vitest";
import { connect } from "../../src/client/index.ts";
import { feedOf } from "../../src/dashboard/feed.ts";
import { HubDouble } from "../doubles/hub-double.ts";
import { ManualClock, scripted } from "../doubles/manual-ports.ts";

/** A feed of a connected client, and a hub whose log grows by `emit`. */
function setup() {
  const clock = new ManualClock();
  const hub = new HubDouble(clock.after);
  const reactor = connect({ url: "http://hub.test" }, { open: hub.open, after: clock.after, random: scripted(0.5) });
  const feed = feedOf(reactor);
  hub.latest.welcome();
  let head = 0;
  const emit = (count = 1) => {
    for (let left = count; left > 0; left--) {
      const seq = head + 1;
      const event = { type: `type_${seq}`, data: {}, source: "system", timestamp: "", id: `k3x9.${seq}`, seq };
      hub.latest.events(head, { epoch: "k3x9", seq }, [event]);
      head = seq;
    }
    clock.pass(0);
  };
  return { feed, emit };
}

it("[H8] shows events of every type as they come, the newest first", () => {
  const { feed, emit } = setup();
  expect(feed.snapshot()).toEqual({ received: 0, newest: [] });
  emit(3);
  expect(feed.snapshot().received).toBe(3);
  expect(feed.snapshot().newest.map(({ event }) => event.type)).toEqual(["type_3", "type_2", "type_1"]);
});

it("counts all events, and remembers the newest 100", () => {
  const { feed, emit } = setup();
  emit(100);
  expect(feed.snapshot().newest).toHaveLength(100);
  expect(feed.snapshot().newest.at(-1)?.event.seq).toBe(1);
  emit(1);
  expect(feed.snapshot().received).toBe(101);
  expect(feed.snapshot().newest.map(({ event }) => event.seq)).toEqual(
    Array.from({ length: 100 }, (_, index) => 101 - index),
  );
});

it("tells each subscriber of each event, until its undo", () => {
  const { feed, emit } = setup();
  const told: string[] = [];
  const undo = feed.subscribe(() => told.push(`a ${feed.snapshot().received}`));
  feed.subscribe(() => told.push(`b ${feed.snapshot().received}`));
  emit();
  undo();
  emit();
  expect(told).toEqual(["a 1", "b 1", "b 2"]);
});

it("gives the same snapshot until an event comes, and leaves older ones as they were", () => {
  const { feed, emit } = setup();
  emit();
  const older = feed.snapshot();
  expect(feed.snapshot()).toBe(older);
  emit();
  expect(feed.snapshot()).not.toBe(older);
  expect(older.newest.map(({ event }) => event.seq)).toEqual([1]);
});
