import { expect, it } from "vitest";
import { Connection } from "../../../../src/client/connection/connection.ts";
import { RetryTimer } from "../../../../src/dashboard/visit/retry-timer.ts";
import { HubDouble } from "../../../support/hub-double.ts";
import { ManualClock, scripted } from "../../../support/manual-ports.ts";

function connecting() {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const replaced: number[] = [];
  let sign = () => {};
  const page = {
    isHidden: () => false,
    listen(onSign: () => void) {
      sign = onSign;
      return () => {};
    },
  };
  const ports = { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(0.5), page };
  const timer = new RetryTimer(
    ports,
    (dueMs) => replaced.push(dueMs),
    () => clock.nowMs,
  );
  const connection = new Connection(() => "ws://hub.test", timer.ports);
  let dueMs: number | null = null;
  connection.events = {
    onEvent() {},
    onFrame() {},
    onState(state) {
      dueMs = timer.changed(state);
    },
  };
  connection.open();
  clock.pass(0);
  return { clock, hub, replaced, connection, sign: () => sign(), due: () => dueMs };
}

it("[D14] tells when the next attempt begins, each time", () => {
  const { clock, hub, connection, due } = connecting();
  expect(due()).toBeNull();
  for (let attempt = 1; attempt < 6; attempt++) {
    hub.latest.drop(1006, "");
    clock.pass(0);
    expect(connection.state).toBe("reconnecting");
    const dueMs = Number(due());
    clock.pass(dueMs - clock.nowMs - 1);
    expect(hub.connections).toHaveLength(attempt);
    clock.pass(2);
    expect(hub.connections).toHaveLength(attempt + 1);
    expect(due()).toBeNull();
  }
});

it("[D14] tells the new time when a page that is shown again waits less, and none when it is told to attempt now", () => {
  const { clock, hub, replaced, connection, sign, due } = connecting();
  for (let attempt = 1; attempt < 5; attempt++) {
    hub.latest.drop(1006, "");
    clock.pass(0);
    if (attempt < 4) clock.pass(Number(due()) - clock.nowMs + 1);
  }
  const longMs = Number(due());
  sign();
  expect(replaced).toHaveLength(1);
  expect(replaced[0]).toBeLessThan(longMs);
  const before = hub.connections.length;
  clock.pass(Number(replaced[0]) - clock.nowMs + 1);
  expect(hub.connections).toHaveLength(before + 1);
  hub.latest.drop(1006, "");
  clock.pass(0);
  connection.open();
  expect(due()).toBeNull();
  clock.pass(0);
  expect(hub.connections).toHaveLength(before + 2);
  expect(replaced).toHaveLength(1);
});
