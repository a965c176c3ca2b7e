import { expect, it } from "vitest";
import { replayLegacy } from "../../../src/core/fanout/legacy-replay.ts";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";

const ALL = { asked: null, allowed: null };

it("[O5] replays the events that it receives, one per frame, up to the head", () => {
  const hub = new HubInMemory();
  const { log } = hub;
  hub.emit(2, "a");
  hub.emit(2, "b");
  const { frames, complete } = replayLegacy(log, 1, { asked: ["b"], allowed: null });
  expect(frames.map((frame) => JSON.parse(frame).cursor)).toEqual(["abc.3", "abc.4"]);
  expect(complete).toBe(true);
  expect(replayLegacy(log, 4, ALL)).toEqual({ frames: [], to: 4, complete: true });
});

it("[O5] stops before it has sent more than 256 KiB", () => {
  const hub = new HubInMemory();
  for (let n = 0; n < 30; n++) hub.emit([draftOf({ type: "a", data: "x".repeat(10_000) })]);
  const { frames, to, complete } = replayLegacy(hub.log, 0, ALL);
  expect([frames.length, to, complete]).toEqual([25, 25, false]);
  expect(replayLegacy(hub.log, 25, ALL)).toMatchObject({ complete: true });
});

it("[O5] sends at least one event, however large, so that a page makes progress", () => {
  const hub = new HubInMemory();
  for (let n = 0; n < 2; n++) hub.emit([draftOf({ type: "a", data: "x".repeat(261_000) })]);
  expect(replayLegacy(hub.log, 0, ALL)).toMatchObject({ frames: { length: 1 }, complete: false });
});

it("[O5] [P1] reads at most 10,000 events, also if none matches", () => {
  const hub = new HubInMemory();
  for (let n = 0; n < 25; n++) hub.emit(1_000);
  const deaf = { asked: ["nothing"], allowed: null };
  expect(replayLegacy(hub.log, 0, deaf)).toEqual({ frames: [], to: 10_000, complete: false });
  expect(replayLegacy(hub.log, 20_000, deaf)).toEqual({ frames: [], to: 25_000, complete: true });
});
