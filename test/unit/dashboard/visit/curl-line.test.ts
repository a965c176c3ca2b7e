import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { curlLine } from "../../../../src/dashboard/visit/curl-line.ts";

const at = (url: string) => new URL(url);

it.each(["http://localhost:8787", "http://127.0.0.1:8787", "http://[::1]:8787"])(
  "[D19] has the key of a development hub at %s",
  (url) => {
    expect(curlLine(at(url), null, { type: "a" })).toContain("'Authorization: Bearer dev-key'");
  },
);

it.each(["https://reactor.example.org", "http://127.0.0.1.example.org", "http://192.168.0.7:8787"])(
  "[D19] has no key for %s",
  (url) => {
    expect(curlLine(at(url), null, { type: "a" })).toContain('"Authorization: Bearer $REACTOR_API_KEY"');
  },
);

it("[D19] is read by a shell as it is meant, whatever the event holds", () => {
  const dataText = `{ "a": "it's \\"so\\" \\\\ $HOME \`id\` ! \\n",\n\t"b": ["☃  😀", 12345678901234567890, 1.50] }`;
  const line = curlLine(at("https://hub.test"), "eu", { type: "o'clock $(x)", source: "*", dataText });
  const words = execFileSync("sh", ["-c", line.replace(/^curl/, "printf '%s\\0'")], {
    env: { REACTOR_API_KEY: "k" },
    encoding: "utf8",
  });
  expect(words.split("\0")).toEqual([
    "https://hub.test/api/events?channel=eu",
    ...["-H", "Authorization: Bearer k", "-H", "Content-Type: application/json", "-d"],
    `{"type":"o'clock $(x)","data":{"a":"it's \\"so\\" \\\\ $HOME \`id\` ! \\n","b":["☃  😀",12345678901234567890,1.50]},"source":"*"}`,
    "",
  ]);
});
