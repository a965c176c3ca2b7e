import { expect, it } from "vitest";
import { connect } from "../../src/client/index.ts";
import { foldEvents } from "../../src/dashboard/fold-events.ts";
import { HubDouble } from "../doubles/hub-double.ts";
import { ManualClock, scripted } from "../doubles/manual-ports.ts";

it("[H8] folds each event of the stream once and in order, and is told once a frame", async () => {
  const clock = new ManualClock();
  const hub = new HubDouble(clock.after);
  const reactor = connect({ url: "http://hub.test" }, { open: hub.open, after: clock.after, random: scripted(0.5) });
  const types = foldEvents(reactor, [] as readonly string[], (before, { type }) => [...before, type]);
  const told: unknown[] = [];
  types.subscribe(() => told.push(types.read()));
  const event = (seq: number) => ({ type: `t${seq}`, data: {}, source: "s", timestamp: "", id: `${seq}`, seq });
  hub.latest.welcome();
  hub.latest.events(0, { epoch: "k3x9", seq: 2 }, [event(1), event(2)]);
  clock.pass(0);
  await Promise.resolve();
  hub.latest.events(2, { epoch: "k3x9", seq: 3 }, [event(3)]);
  clock.pass(0);
  await Promise.resolve();
  expect(told).toEqual([
    ["t1", "t2"],
    ["t1", "t2", "t3"],
  ]);
});
