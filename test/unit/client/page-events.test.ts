import { expect, it, vi } from "vitest";
import { PageEvents } from "../../../src/client/legacy/page-events.ts";
import { reportedErrors } from "../../support/reported-errors.ts";

const reported = reportedErrors();

function setup() {
  const page = new EventTarget();
  const pageEvents = new PageEvents(page);
  const received: unknown[] = [];
  const listen = (name: string) =>
    page.addEventListener(name, (event) => received.push([event.type, (event as CustomEvent).detail]));
  return { page, pageEvents, received, listen };
}

const fail = () => {
  throw new Error("A listener's own.");
};

it("[W2] [W3] dispatches the CustomEvent, the handler, the callbacks and the earlier CustomEvent, in this order", () => {
  const { pageEvents, received, listen } = setup();
  listen("news");
  listen("reactor:news");
  pageEvents.handlers.news = (data) => received.push(["handler", data]);
  pageEvents.on("news", (data) => received.push(["callback", data]));
  const envelope = { type: "news", data: { n: 1 }, source: "system", timestamp: "2026-11-21T12:00:00Z", id: "x" };
  pageEvents.notify("news", { n: 1 }, envelope);
  expect(received).toEqual([
    ["news", { n: 1 }],
    ["handler", { n: 1 }],
    ["callback", { n: 1 }],
    ["reactor:news", { ...envelope, event: "news", originalEvent: envelope }],
  ]);
});

it("[W2] calls handlers that the page has replaced, as methods", () => {
  const { pageEvents, received } = setup();
  const handlers = { news: vi.fn(), toString: () => "" };
  pageEvents.handlers = handlers;
  pageEvents.notify("news", 1);
  pageEvents.notify("other", 2);
  expect(handlers.news.mock.calls).toEqual([[1]]);
  expect(handlers.news.mock.contexts).toEqual([handlers]);
  expect(received).toEqual([]);
});

it("[W2] calls no handler that the page has not set, whatever the type of an event", () => {
  const { pageEvents } = setup();
  for (const type of ["constructor", "toString", "hasOwnProperty", "__proto__", "__defineGetter__"])
    pageEvents.notify(type, 1);
  pageEvents.handlers = undefined as never;
  pageEvents.notify("news", 1);
  expect(reported).toEqual([]);
});

it("[W3] calls a callback once, however often it was added, until it is removed", () => {
  const { pageEvents, received } = setup();
  const callback = (data: unknown) => received.push(data);
  const other = (data: unknown) => received.push(`other ${data}`);
  pageEvents.on("news", callback);
  pageEvents.on("news", callback);
  pageEvents.on("news", other);
  pageEvents.notify("news", 1);
  pageEvents.off("news", callback);
  pageEvents.off("news", callback);
  pageEvents.off("unknown");
  pageEvents.notify("news", 2);
  pageEvents.on("news", callback);
  pageEvents.notify("news", 3);
  pageEvents.off("news");
  pageEvents.notify("news", 4);
  expect(received).toEqual([1, "other 1", "other 2", "other 3", 3]);
});

it("[W4] continues when a handler or a callback throws, and reports what it threw", () => {
  const { pageEvents, received, listen } = setup();
  listen("reactor:news");
  pageEvents.handlers.news = fail;
  pageEvents.on("news", fail);
  pageEvents.on("news", (data) => received.push(data));
  pageEvents.notify("news", 1);
  expect(received).toMatchObject([1, ["reactor:news", { event: "news", data: 1 }]]);
  expect(reported).toHaveLength(2);
});

it("[W4] reports what a promise of a handler or a callback rejects with", async () => {
  const { pageEvents } = setup();
  pageEvents.handlers.news = async () => fail();
  pageEvents.on("news", async () => fail());
  pageEvents.notify("news", 1);
  await Promise.resolve();
  expect(reported).toHaveLength(2);
});

it("[W3] forgets the types whose last callback is gone", () => {
  const { pageEvents } = setup();
  const removed = vi.spyOn(Map.prototype, "delete");
  const callback = () => {};
  for (const type of ["a", "b"]) pageEvents.on(type, callback);
  pageEvents.off("a", callback);
  pageEvents.off("b");
  expect(removed.mock.calls.map(([type]) => type)).toEqual(["a", "b"]);
  removed.mockRestore();
});

it("[W3] skips a callback that an earlier one has removed", () => {
  const { pageEvents, received } = setup();
  const second = (data: unknown) => received.push(data);
  pageEvents.on("news", () => pageEvents.off("news", second));
  pageEvents.on("news", second);
  pageEvents.notify("news", 1);
  expect(received).toEqual([]);
});
