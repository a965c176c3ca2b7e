// A short run of `npm run chaos`: the same program finds nothing, although the faults do happen.
import { expect, it } from "vitest";
import { whyNoFullDisk } from "../../tools/chaos/chaos-disk.ts";
import { runChaos } from "../../tools/chaos/chaos-run.ts";

it("[C3] [K5] [L4] [I1] loses, doubles and reorders nothing while connections break and workerd is killed", async () => {
  const seconds = 8;
  const ofHub = { aborts: 0, storms: 0, clocks: 0, disks: 0, herds: 0 };
  const report = await runChaos({ clients: 8, events: Infinity, kills: 1, cuts: 8, ...ofHub, seconds, seed: 1 });
  expect(report.verdict).toEqual({ lost: 0, doubled: 0, outOfOrder: 0, foreign: 0, changed: 0, findings: [] });
  expect([report.behind, report.resets]).toEqual([[], 0]);
  expect(report.acknowledged).toBeGreaterThan(0);
  expect(report.delivered).toBeGreaterThan(report.acknowledged);
  expect(report.faults).toMatchObject({ kill: 1, cut: 8, freeze: 2, delay: 2, split: 2 });
  expect(report.reconnects).toBeGreaterThanOrEqual(8); // the kill alone disconnects all eight
  expect(report.longestRecovery.ms).toBeGreaterThan(0);
});

it("[H23] [C3] [L1] loses nothing while the hub is aborted, its clock set, its disk full and its log replayed", async (test) => {
  const noDisk = whyNoFullDisk();
  if (noDisk !== undefined) console.warn(noDisk);
  const disks = noDisk === undefined ? 2 : 0;
  const ofHub = { aborts: 2, storms: 1, clocks: 3, disks, herds: 1 };
  const options = { clients: 8, events: Infinity, kills: 0, cuts: 0, ...ofHub, seconds: 10, seed: 1 };
  const report = await runChaos(options, () => {}, test.signal);
  expect(report.verdict).toEqual({ lost: 0, doubled: 0, outOfOrder: 0, foreign: 0, changed: 0, findings: [] });
  expect([report.behind, report.failures, report.resets]).toEqual([[], [], 0]);
  expect(report.faults).toMatchObject({ abort: 2, "reset storm": 1, clock: 3, "full disk": disks, herd: 1 });
  expect(report.acknowledged).toBeGreaterThan(0);
  if (disks > 0) expect(report.unavailable).toBeGreaterThan(0);
  expect(report.replayed.events).toBeGreaterThan(0);
  expect(report.deflated).toBeGreaterThan(0);
  expect(report.reconnects).toBeGreaterThanOrEqual(8);
});
