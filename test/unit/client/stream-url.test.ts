import { expect, it, vi } from "vitest";
import { connectByDefaultTo, streamUrl, withCursor } from "../../../src/client/connection/stream-url.ts";

it.each([
  ["https://hub.test/any?page#at", undefined, "wss://hub.test/ws/stream"],
  ["http://localhost:8787", "eu", "ws://localhost:8787/ws/stream?channel=eu"],
])("finds the stream of %s, channel %s, at %s", (url, channel, stream) => {
  expect(streamUrl(url, channel)).toBe(stream);
});

it("[K17] connects to the page's origin, to the server of a script, and to a hub that is named", () => {
  vi.stubGlobal("location", { href: "https://page.test/a?b" });
  expect(streamUrl()).toBe("wss://page.test/ws/stream");
  for (const script of [undefined, "", "blob:https://page.test/1", "data:text/javascript,1", "file:///script.js"]) {
    connectByDefaultTo(script);
    expect(streamUrl()).toBe("wss://page.test/ws/stream");
  }
  connectByDefaultTo("http://localhost:8787/static/js/client.js");
  expect(streamUrl(undefined, "eu")).toBe("ws://localhost:8787/ws/stream?channel=eu");
  expect(streamUrl("https://hub.test")).toBe("wss://hub.test/ws/stream");
  vi.unstubAllGlobals();
});

it("[K5] names the cursor and the patterns, without needless escapes", () => {
  const stream = "wss://hub.test/ws/stream";
  expect(withCursor(stream, undefined, [])).toBe(stream);
  expect(withCursor(stream, "k3x9.7", [])).toBe(`${stream}?cursor=k3x9.7`);
  const url = withCursor(`${stream}?channel=eu`, "k3x9.7", ["a/b:c.*", "news_*"]);
  expect(url).toBe(`${stream}?channel=eu&cursor=k3x9.7&events=a/b:c.*,news_*`);
  expect(new URL(url).href).toBe(url);
});

it("[K16] asks for the newest events where there is no cursor yet", () => {
  const stream = "wss://hub.test/ws/stream";
  expect(withCursor(stream, undefined, ["a"], 50)).toBe(`${stream}?last=50&events=a`);
  expect(withCursor(stream, "k3x9.7", [], 50)).toBe(`${stream}?cursor=k3x9.7`);
});
