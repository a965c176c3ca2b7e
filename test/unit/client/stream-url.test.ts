import { expect, it, vi } from "vitest";
import { connectByDefaultTo, handshakeOf, isHubUrl, streamUrl } from "../../../src/client/connection/stream-url.ts";
import { TYPES_OF_THE_FIELD } from "../../support/names.ts";

it.each([
  ["https://hub.test/", undefined, "wss://hub.test/ws/stream"],
  ["https://example.org/realtime", undefined, "wss://example.org/realtime/ws/stream"],
  ["https://example.org/a/b//", "a:b", "wss://example.org/a/b/ws/stream?channel=a%3Ab"],
  ["wss://hub.test/ws/stream", undefined, "wss://hub.test/ws/stream"],
  ["http://[::1]:8787", undefined, "ws://[::1]:8787/ws/stream"],
  ["http://localhost:8787", "eu", "ws://localhost:8787/ws/stream?channel=eu"],
])("finds the stream of %s, channel %s, at %s", (url, channel, stream) => {
  expect(streamUrl(url, channel)).toBe(stream);
  expect(isHubUrl(url)).toBe(true);
});

it.each([
  "/realtime",
  "localhost:8787",
  "ftp://hub.test",
  "https://",
  "https://hub.test?channel=eu",
  "https://a b",
  "",
  5,
])("[K20] takes %j for no address of a hub", (url) => {
  expect(isHubUrl(url)).toBe(false);
});

it.each(["about:srcdoc", "blob:https://page.test/1", "file:///page.html"])(
  "[K20] [K17] asks for `url` in a page at %s, which names no hub",
  (href) => {
    vi.stubGlobal("location", { href });
    expect(() => streamUrl()).toThrow(
      `Name the hub by \`url\`, http(s): or ws(s):. The address of this script is ${href}.`,
    );
    vi.unstubAllGlobals();
    expect(() => streamUrl()).toThrow("is unknown"); // React Native, Node
  },
);

it("[K20] makes the address without a URL that can be changed, as in React Native", () => {
  vi.stubGlobal("URL", undefined);
  vi.stubGlobal("TextEncoder", undefined);
  expect(streamUrl("https://example.org/realtime", "eu")).toBe("wss://example.org/realtime/ws/stream?channel=eu");
  const patterns = Array.from({ length: 32 }, (_, n) => `${n}${"日".repeat(80)}`);
  expect(handshakeOf("wss://hub.test/ws/stream", undefined, patterns).protocols).toHaveLength(2);
  vi.unstubAllGlobals();
});

it("[K5] names the cursor and the patterns, without needless escapes", () => {
  const stream = "wss://hub.test/ws/stream";
  expect(handshakeOf(stream, undefined, [])).toEqual({ url: stream, protocols: ["reactor.v1"] });
  expect(handshakeOf(stream, "k3x9.7", []).url).toBe(`${stream}?cursor=k3x9.7`);
  const { url } = handshakeOf(`${stream}?channel=eu`, "k3x9.7", ["a/b:c.*", "news_*"]);
  expect(url).toBe(`${stream}?channel=eu&cursor=k3x9.7&events=a/b:c.*,news_*`);
  expect(new URL(url).href).toBe(url);
});

it.each([...TYPES_OF_THE_FIELD, "Order *"])(
  "[S8] [K5] writes the pattern %j into a URL that says the same",
  (pattern) => {
    const { url } = handshakeOf("wss://hub.test/ws/stream", undefined, ["a", pattern]);
    expect(new URL(url).searchParams.getAll("events")).toEqual([`a,${pattern}`]);
    expect(new URL(url).href).toBe(url.replaceAll("'", "%27"));
  },
);

it("[K5] [S13] offers patterns that a URL has no room for as a subprotocol", () => {
  const stream = "wss://hub.test/ws/stream?channel=eu";
  const patterns = Array.from({ length: 32 }, (_, n) => `${n}${"日".repeat(80)}`); // 8 KiB, of which each byte becomes three
  const { url, protocols } = handshakeOf(stream, "k3x9.7", patterns);
  expect(url).toBe(`${stream}&cursor=k3x9.7`);
  expect(protocols[0]).toBe("reactor.v1");
  const [, listed = ""] = protocols;
  expect(listed).toMatch(/^reactor\.events\.[\w-]+$/);
  const text = Buffer.from(listed.slice("reactor.events.".length), "base64url").toString();
  expect(text.split(",")).toEqual(patterns);
  const plain = Array.from({ length: 64 }, (_, n) => `${n}`.padEnd(125, "x"));
  expect(handshakeOf(stream, undefined, plain).protocols).toEqual(["reactor.v1"]);
});

it("[K16] asks for the newest events where there is no cursor yet", () => {
  const stream = "wss://hub.test/ws/stream";
  expect(handshakeOf(stream, undefined, ["a"], 50).url).toBe(`${stream}?last=50&events=a`);
  expect(handshakeOf(stream, "k3x9.7", [], 50).url).toBe(`${stream}?cursor=k3x9.7`);
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
