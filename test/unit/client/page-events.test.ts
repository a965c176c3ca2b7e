import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PageVoice } from "../../../src/client/legacy/page-events.ts";

const reported: unknown[] = [];
beforeEach(() => {
  vi.stubGlobal("reportError", (error: unknown) => void reported.push(error)); // browsers have it, Node has not
});
afterEach(() => {
  vi.unstubAllGlobals();
  reported.length = 0;
});

function setup() {
  const page = new EventTarget();
  const voice = new PageVoice(page);
  const heard: unknown[] = [];
  const listen = (name: string) =>
    page.addEventListener(name, (event) => heard.push([event.type, (event as CustomEvent).detail]));
  return { page, voice, heard, listen };
}

const fail = () => {
  throw new Error("A listener's own.");
};

it("[W2] [W3] tells the CustomEvent, the handler, the callbacks and the earlier CustomEvent, in this order", () => {
  const { voice, heard, listen } = setup();
  listen("news");
  listen("reactor:news");
  voice.handlers.news = (data) => heard.push(["handler", data]);
  voice.on("news", (data) => heard.push(["callback", data]));
  voice.tell("news", { n: 1 }, { type: "news", data: { n: 1 }, id: "x" });
  expect(heard).toEqual([
    ["news", { n: 1 }],
    ["handler", { n: 1 }],
    ["callback", { n: 1 }],
    ["reactor:news", { type: "news", data: { n: 1 }, id: "x" }],
  ]);
});

it("[W2] calls handlers that the page has set anew, as their own", () => {
  const { voice, heard } = setup();
  const handlers = { news: vi.fn(), toString: () => "" };
  voice.handlers = handlers;
  voice.tell("news", 1);
  voice.tell("other", 2);
  expect(handlers.news.mock.calls).toEqual([[1]]);
  expect(handlers.news.mock.contexts).toEqual([handlers]);
  expect(heard).toEqual([]);
});

it("[W2] calls no handler that nobody has set, whatever an event is called", () => {
  const { voice } = setup();
  for (const type of ["constructor", "toString", "hasOwnProperty", "__proto__", "__defineGetter__"])
    voice.tell(type, 1);
  voice.handlers = undefined as never;
  voice.tell("news", 1);
  expect(reported).toEqual([]);
});

it("[W3] calls a callback once, however often it was given, until it is taken back", () => {
  const { voice, heard } = setup();
  const callback = (data: unknown) => heard.push(data);
  const other = (data: unknown) => heard.push(`other ${data}`);
  voice.on("news", callback);
  voice.on("news", callback);
  voice.on("news", other);
  voice.tell("news", 1);
  voice.off("news", callback);
  voice.off("news", callback);
  voice.off("unknown");
  voice.tell("news", 2);
  voice.on("news", callback);
  voice.tell("news", 3);
  voice.off("news");
  voice.tell("news", 4);
  expect(heard).toEqual([1, "other 1", "other 2", "other 3", 3]);
});

it("[W4] goes on when a handler or a callback throws, and reports what it threw", () => {
  const { voice, heard, listen } = setup();
  listen("reactor:news");
  voice.handlers.news = fail;
  voice.on("news", fail);
  voice.on("news", (data) => heard.push(data));
  voice.tell("news", 1);
  expect(heard).toEqual([1, ["reactor:news", { type: "news", data: 1 }]]);
  expect(reported).toHaveLength(2);
});
