import { expect, it } from "vitest";
import { curlLine } from "../../../../src/dashboard/visit/curl-line.ts";

const draft = { type: "it's", data: { text: "$HOME `id`" } };
const at = (origin: string) => ({ origin, hostname: new URL(origin).hostname });

it.each(["http://localhost:8787", "http://127.0.0.1:8787", "http://[::1]:8787"])(
  "[D11] has dev-key at %s",
  (origin) => {
    expect(curlLine(at(origin), null, draft)).toContain(
      `curl '${origin}/api/events' \\\n  -H "Authorization: Bearer dev-key"`,
    );
  },
);

it("[D11] has no key of another hub, names the channel, and quotes for a shell", () => {
  expect(curlLine(at("https://hub.example.org"), "a:b", draft)).toBe(
    [
      "curl 'https://hub.example.org/api/events?channel=a%3Ab'",
      '  -H "Authorization: Bearer $REACTOR_API_KEY"',
      '  -H "Content-Type: application/json"',
      `  -d '{"type":"it'\\''s","data":{"text":"$HOME \`id\`"}}'`,
    ].join(" \\\n"),
  );
});
