import { expect, it } from "vitest";
import { streamUrl } from "../../src/client/stream-url.ts";

it.each([
  ["https://hub.test/any?page#at", undefined, "wss://hub.test/ws/stream"],
  ["http://localhost:8787", "eu", "ws://localhost:8787/ws/stream?channel=eu"],
])("finds the stream of %s, channel %s, at %s", (url, channel, stream) => {
  expect(streamUrl(url, channel)).toBe(stream);
});
