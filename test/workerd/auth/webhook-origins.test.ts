import { expect, it } from "vitest";
import { parseWebhookOrigins } from "../../../src/auth/webhook-origins.ts";

it("[M9] reads names, in lower case", () => {
  expect(parseWebhookOrigins("eventgrid.azure.net, Events.Example.org,")).toEqual(
    new Set(["eventgrid.azure.net", "events.example.org"]),
  );
  for (const list of [undefined, "", " , "]) expect(parseWebhookOrigins(list)).toEqual(new Set());
});

it.each([
  "*",
  "*.example.org",
  "https://example.org",
  "example.org/",
  "example.org:443",
  "a b",
  "-a.org",
  "é.org",
  "a..b",
  `${"a".repeat(64)}.org`,
])("[M9] refuses %j, and names the variable and the entry", (name) => {
  expect(() => parseWebhookOrigins(`example.org,${name}`)).toThrow(`WEBHOOK_ORIGINS must be names`);
  expect(() => parseWebhookOrigins(`example.org,${name}`)).toThrow(`not "${name}"`);
});
