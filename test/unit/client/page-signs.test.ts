import { afterEach, expect, it, vi } from "vitest";
import { browserPage } from "../../../src/client/connection/browser-page.ts";
import { connected, connecting } from "../../support/connections.ts";
import { ManualPage } from "../../support/manual-ports.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A client that was connected, and has failed `times` times since. */
function offline(times: number) {
  const page = new ManualPage();
  const client = connected({ page });
  for (let n = 0; n < times; n++) {
    const before = client.hub.connections.length;
    client.hub.latest.drop(1006);
    client.clock.pass(0);
    for (let ms = 0; n < times - 1 && ms < 60_000 && client.hub.connections.length === before; ms += 50)
      client.clock.pass(50);
  }
  return { ...client, page };
}

it("[K19] reconnects within first_ms once the page is back on the network", () => {
  const { hub, clock, connection, page } = offline(9);
  expect(connection.state).toBe("reconnecting");
  const before = hub.connections.length;
  page.sign();
  clock.pass(249);
  expect(hub.connections).toHaveLength(before);
  clock.pass(1);
  expect(hub.connections).toHaveLength(before + 1);
  hub.latest.drop(1006);
  clock.pass(500);
  expect(hub.connections).toHaveLength(before + 2); // it counts from there
});

it("[K19] draws a wait once, however many signs there are", () => {
  const { hub, clock, page } = offline(9);
  const before = hub.connections.length;
  for (let ms = 0; ms < 250; ms += 50) {
    page.sign();
    clock.pass(50);
  }
  expect(hub.connections).toHaveLength(before + 1);
});

it("[K19] pings at once when the page is shown, and gives up a dead line within 4 s", () => {
  const { hub, clock, connection, page } = offline(0);
  page.sign();
  page.sign();
  expect(hub.latest.sent).toEqual(["ping"]);
  clock.pass(5_000);
  expect(connection.state).toBe("connected");
  hub.frozen = true;
  page.sign();
  clock.pass(2_000);
  page.sign(); // puts nothing off
  clock.pass(1_999);
  expect(connection.state).toBe("connected");
  clock.pass(1);
  expect(connection.state).toBe("reconnecting");
});

it("[K19] leaves an attempt alone that is under way", () => {
  const page = new ManualPage();
  const { hub, clock, connection } = connecting({ page });
  page.sign();
  clock.pass(0);
  expect([connection.state, hub.connections.length, hub.latest.sent]).toEqual(["connecting", 1, []]);
});

it("[K19] follows the page until it is closed", () => {
  const { hub, clock, connection, page } = offline(1);
  expect(page.listeners.size).toBe(1);
  connection.close();
  expect(page.listeners.size).toBe(0);
  connection.open();
  hub.latest.drop(4500);
  clock.pass(0);
  expect([connection.state, page.listeners.size]).toEqual(["closed", 0]);
});

it("[K4] comes back later in a hidden page, and within first_ms once it is shown", () => {
  const { hub, clock, page } = offline(0);
  page.isSeen = false;
  hub.latest.drop(1006);
  clock.pass(999);
  expect(hub.connections).toHaveLength(1);
  clock.pass(1);
  expect(hub.connections).toHaveLength(2);
  hub.latest.drop(1006);
  clock.pass(0);
  page.sign();
  clock.pass(250);
  expect(hub.connections).toHaveLength(3);
});

it.each([
  [0, 30_000],
  [1, 60_000],
  [7, 90_000],
])("[K2] gives an attempt after %i failed ones %i ms to open", (failures, limitMs) => {
  const { hub, clock, connection } = connecting();
  hub.holdsBack = true;
  hub.latest.readyState = 0;
  for (let n = 0; n < failures; n++) {
    const before = hub.connections.length;
    hub.latest.drop(1006);
    for (let ms = 0; ms < 60_000 && hub.connections.length === before; ms++) clock.pass(1);
  }
  clock.pass(limitMs - 1);
  expect(connection.state).toBe("connecting");
  clock.pass(1);
  expect([connection.state, hub.latest.isClosedByClient]).toEqual(["reconnecting", true]);
});

/** `isTrusted` of an Event cannot be set. */
function browser(document?: { hidden: boolean }) {
  const listeners = new Map<string, (event: object) => void>();
  vi.stubGlobal("document", document);
  vi.stubGlobal("addEventListener", (name: string, listener: () => void) => listeners.set(name, listener));
  vi.stubGlobal("removeEventListener", (name: string) => listeners.delete(name));
  return listeners;
}

it("[K19] takes the browser's own events for signs of a page that is seen", () => {
  const document = { hidden: false };
  const listeners = browser(document);
  const onSign = vi.fn();
  const undo = browserPage.listen(onSign);
  expect([...listeners.keys()]).toEqual(["online", "pageshow", "visibilitychange"]);
  listeners.get("online")?.({ isTrusted: true });
  listeners.get("online")?.({ isTrusted: false }); // an event of the hub, as the legacy script dispatches it
  document.hidden = true;
  listeners.get("visibilitychange")?.({ isTrusted: true });
  expect([onSign.mock.calls.length, browserPage.isHidden()]).toEqual([1, true]);
  undo();
  expect(listeners.size).toBe(0);
});

it("[K19] needs no document, and no events", () => {
  const onSign = vi.fn();
  const listeners = browser();
  browserPage.listen(onSign);
  listeners.get("online")?.({ isTrusted: true });
  expect(onSign).toHaveBeenCalledOnce();
  vi.stubGlobal("addEventListener", undefined);
  vi.stubGlobal("removeEventListener", undefined);
  expect(() => browserPage.listen(onSign)()).not.toThrow();
});
