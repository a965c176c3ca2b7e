import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { settingsOf } from "../../../src/hub/settings.ts";

const read = (vars: Partial<Cloudflare.Env>) => settingsOf({ HUB: env.HUB, ASSETS: env.ASSETS, ...vars });

it("[L7] [A2] has the defaults of SPEC.md", () => {
  expect(read({})).toEqual({
    enabled: true,
    announces: false,
    heartbeatMs: 30_000,
    retention: { maxEvents: 100_000, maxAgeMs: 72 * 3_600_000, maxBytes: 268_435_456 },
    auth: { keys: [], tokens: null, channels: null },
    origins: { listed: new Set(), below: [], loopback: true, opaque: false },
    webhookOrigins: new Set(),
    limits: { messagesPerSecond: 20, socketsPerChannel: 30_000, socketsPerAddress: Number.POSITIVE_INFINITY },
    generation: "0",
  });
});

it("reads what is set", () => {
  const vars = {
    REACTOR_ENABLED: "false",
    ANNOUNCE_CONNECTIONS: "true",
    HEARTBEAT_SECONDS: "1.5",
    RETENTION_EVENTS: "10",
    RETENTION_HOURS: "0.5",
    RETENTION_BYTES: "1e6",
    LOG_GENERATION: "2",
    MESSAGES_PER_SECOND: "5",
    SOCKETS_PER_CHANNEL: "100",
    SOCKETS_PER_ADDRESS: "10",
    REACTOR_API_KEY: "k",
    ALLOWED_ORIGINS: "https://a.example, https://b.example",
    ALLOW_NULL_ORIGIN: "true",
    WEBHOOK_ORIGINS: "eventgrid.azure.net",
  };
  expect(read(vars)).toEqual({
    enabled: false,
    announces: true,
    heartbeatMs: 1_500,
    retention: { maxEvents: 10, maxAgeMs: 1_800_000, maxBytes: 1_000_000 },
    auth: { keys: ["k"], tokens: null, channels: null },
    origins: { listed: new Set(["https://a.example", "https://b.example"]), below: [], loopback: false, opaque: true },
    webhookOrigins: new Set(["eventgrid.azure.net"]),
    limits: { messagesPerSecond: 5, socketsPerChannel: 100, socketsPerAddress: 10 },
    generation: "2",
  });
});

it.each([
  ["TRUE", true],
  ["1", true],
  ["", true],
  ["False", false],
  ["0", false],
])("reads the switch %j as %j", (REACTOR_ENABLED, enabled) => {
  expect(read({ REACTOR_ENABLED }).enabled).toBe(enabled);
});

it("reads a variable once", () => {
  let reads = 0;
  const { HUB, ASSETS } = env;
  const counting: Cloudflare.Env = {
    HUB,
    ASSETS,
    get CHANNELS() {
      reads++;
      return "main";
    },
  };
  expect(settingsOf(counting)).toBe(settingsOf(counting));
  expect(reads).toBe(1);
});

it.each([
  [{ HEARTBEAT_SECONDS: "often" }, 'HEARTBEAT_SECONDS must be 0 or a number from 1 to 86400, not "often".'],
  [{ HEARTBEAT_SECONDS: "-1" }, 'HEARTBEAT_SECONDS must be 0 or a number from 1 to 86400, not "-1".'],
  [{ HEARTBEAT_SECONDS: "0.0001" }, 'HEARTBEAT_SECONDS must be 0 or a number from 1 to 86400, not "0.0001".'],
  [{ HEARTBEAT_SECONDS: " " }, 'HEARTBEAT_SECONDS must be 0 or a number from 1 to 86400, not " ".'],
  [{ HEARTBEAT_SECONDS: "1e13" }, 'HEARTBEAT_SECONDS must be 0 or a number from 1 to 86400, not "1e13".'],
  [{ HEARTBEAT_SECONDS: "0x10" }, 'HEARTBEAT_SECONDS must be 0 or a number from 1 to 86400, not "0x10".'],
  [{ RETENTION_EVENTS: "0" }, 'RETENTION_EVENTS must be a whole number from 1 to 100000000, not "0".'],
  [{ RETENTION_EVENTS: "1.5" }, 'RETENTION_EVENTS must be a whole number from 1 to 100000000, not "1.5".'],
  [{ RETENTION_BYTES: "Infinity" }, 'RETENTION_BYTES must be a whole number from 1 to 10000000000, not "Infinity".'],
  [{ RETENTION_HOURS: "9999999" }, 'RETENTION_HOURS must be a number from 0 to 876000, not "9999999".'],
  [{ MESSAGES_PER_SECOND: "1e9" }, 'MESSAGES_PER_SECOND must be a whole number from 1 to 100000, not "1e9".'],
  [{ SOCKETS_PER_CHANNEL: "99999" }, 'SOCKETS_PER_CHANNEL must be a whole number from 1 to 32000, not "99999".'],
  [{ SOCKETS_PER_ADDRESS: "1e30" }, 'SOCKETS_PER_ADDRESS must be a whole number from 1 to 32000, not "1e30".'],
  [{ REACTOR_ENABLED: "off" }, 'REACTOR_ENABLED must be true or false, not "off".'],
  [{ ALLOWED_ORIGINS: "*" }, "ALLOWED_ORIGINS must be origins such as"],
  [{ WEBHOOK_ORIGINS: "*" }, "WEBHOOK_ORIGINS must be names such as"],
  [{ REACTOR_JWT_SECRET: "short" }, "REACTOR_JWT_SECRET must have 32 bytes"],
])("[A2] [L7] [T18] [T19] names what is wrong in %j", (vars, message) => {
  expect(() => read(vars)).toThrow(message);
});
