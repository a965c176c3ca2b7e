import { expect, it } from "vitest";
import type { ConnectionState } from "../../../src/client/connection/connection-events.ts";
import { followPageLifecycle } from "../../../src/client/legacy/page-lifecycle.ts";

function setup(readyState: DocumentReadyState, reactorEnabled?: boolean) {
  const calls: string[] = [];
  /** `isTrusted` of an Event cannot be set. */
  const listeners = new Map<string, (event: object) => void>();
  const page = {
    addEventListener: (name: string, listener: (event: object) => void) => void listeners.set(name, listener),
    document: Object.assign(new EventTarget(), { readyState }),
    reactorEnabled,
  };
  const reactor = {
    state: "closed" as ConnectionState,
    connect() {
      calls.push("connect");
      reactor.state = "connected";
    },
    disconnect() {
      calls.push("disconnect");
      reactor.state = "closed";
    },
  };
  followPageLifecycle(page as never, reactor);
  const show = (persisted: boolean, isTrusted = true) => listeners.get("pageshow")?.({ persisted, isTrusted });
  const hide = (isTrusted = true) => listeners.get("pagehide")?.({ isTrusted });
  const read = () => page.document.dispatchEvent(new Event("DOMContentLoaded"));
  return { calls, reactor, page, show, hide, read };
}

it("[W1] connects once the page is parsed", () => {
  const { calls, read, show } = setup("loading");
  expect(calls).toEqual([]);
  read();
  show(false);
  expect(calls).toEqual(["connect"]);
});

it("[W1] connects at once in a page that is already parsed", () => {
  expect(setup("interactive").calls).toEqual(["connect"]);
  expect(setup("complete", true).calls).toEqual(["connect"]);
});

it("[W1] does not connect by itself if reactorEnabled is false, also if a later script sets it", () => {
  expect(setup("complete", false).calls).toEqual([]);
  const { calls, page, read } = setup("loading");
  page.reactorEnabled = false;
  read();
  expect(calls).toEqual([]);
});

it("[W8] disconnects with the page, and reconnects with it", () => {
  const { calls, hide, show } = setup("complete");
  hide();
  show(true);
  hide();
  show(true);
  expect(calls).toEqual(["connect", "disconnect", "connect", "disconnect", "connect"]);
});

it("[W8] does not reconnect with a page that had disconnected before", () => {
  const { calls, reactor, hide, show } = setup("complete");
  reactor.disconnect();
  hide();
  show(true);
  expect(calls.filter((call) => call === "connect")).toHaveLength(1);
});

it("[W8] takes no event of the hub for the page's own, whatever its type", () => {
  const { calls, hide, show } = setup("complete");
  hide(false); // an event that is called `pagehide`, as the script dispatches it
  expect(calls).toEqual(["connect"]);
  hide();
  show(true, false);
  expect(calls).toEqual(["connect", "disconnect"]);
});
