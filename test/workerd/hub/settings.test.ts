import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { keySetAt } from "../../../src/auth/key-set.ts";
import { type Settings, settingsOf } from "../../../src/hub/settings.ts";

const read = (vars: object) => settingsOf({ HUB: env.HUB, ASSETS: env.ASSETS, ...vars });

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
  [" true\n", true],
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

/** A valid value of each variable, which hold together. */
const VALID = {
  REACTOR_API_KEY: "key",
  REACTOR_API_KEY_PREVIOUS: "key-before",
  REACTOR_JWT_SECRET: "a secret of this hub's, for tests",
  REACTOR_JWKS_URL: "https://id.test/keys",
  REACTOR_JWT_AUDIENCE: "reactor",
  REACTOR_JWT_ISSUER: "https://id.test",
  CHANNELS: "main",
  REACTOR_ENABLED: "true",
  ALLOWED_ORIGINS: "https://app.example.org",
  ALLOW_NULL_ORIGIN: "false",
  WEBHOOK_ORIGINS: "eventgrid.azure.net",
  ANNOUNCE_CONNECTIONS: "false",
  HEARTBEAT_SECONDS: "30",
  MESSAGES_PER_SECOND: "20",
  SOCKETS_PER_CHANNEL: "100",
  SOCKETS_PER_ADDRESS: "10",
  RETENTION_EVENTS: "10",
  RETENTION_HOURS: "1",
  RETENTION_BYTES: "1000",
  LOG_GENERATION: "1",
};
const NAMES = Object.keys(VALID) as (keyof typeof VALID)[];

/** What each means nothing without: one of these. */
const NEEDED: Partial<Record<keyof typeof VALID, readonly (keyof typeof VALID)[]>> = {
  REACTOR_API_KEY_PREVIOUS: ["REACTOR_API_KEY"],
  REACTOR_JWT_AUDIENCE: ["REACTOR_JWT_SECRET", "REACTOR_JWKS_URL"],
  REACTOR_JWT_ISSUER: ["REACTOR_JWT_SECRET", "REACTOR_JWKS_URL"],
};

/** Why a hub with these does not start; `undefined`: it starts. */
function whyNot(vars: object): string | undefined {
  try {
    read(vars);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

it("[T9] takes all variables together, and knows every variable that is declared", () => {
  expect(whyNot(VALID)).toBeUndefined();
  const asked = new Set<string>();
  settingsOf(new Proxy({} as Cloudflare.Env, { get: (_, name) => void asked.add(String(name)) }));
  expect([...asked].sort()).toEqual(NAMES.toSorted());
});

it.each(NAMES)("[T9] [H5] does not serve while %s is set and empty, or not text, whatever else is set", (name) => {
  for (const lost of ["", " ", "\n", "\t \r\n", null, {}, ["x"]]) {
    expect(whyNot({ [name]: lost })).toMatch(new RegExp(`^${name} must be (more than nothing|text)`));
    for (const other of NAMES) {
      if (other !== name)
        expect(whyNot({ ...VALID, [other]: VALID[other], [name]: lost })).toContain(`${name} must be`);
    }
  }
});

it("[T9] [H5] serves with one or two variables only where each has what it needs, and else names both", () => {
  for (const name of NAMES) {
    for (const other of NAMES) {
      const vars = { [name]: VALID[name], [other]: VALID[other] };
      const lacking = [name, other].filter((each) => NEEDED[each]?.every((needed) => !(needed in vars)));
      const why = whyNot(vars);
      if (lacking.length === 0) expect([vars, why]).toEqual([vars, undefined]);
      else
        expect(lacking.map((each) => `${each} must be set together with ${NEEDED[each]?.join(" or ")}`)).toContain(
          why?.split(":")[0],
        );
    }
  }
});

it.each(["CHANNELS", "ALLOWED_ORIGINS"])("[T9] [H5] does not serve while %s is a list of nothing", (name) => {
  for (const list of [",", " , ,"]) expect(whyNot({ ...VALID, [name]: list })).toContain(`${name} must be`);
});

it.each([
  ["REACTOR_API_KEY", "sekret-key\n", ({ auth }: Settings) => auth.keys, ["sekret-key"]],
  [
    "REACTOR_JWKS_URL",
    " https://id.test/keys\r\n",
    ({ auth }: Settings) => auth.tokens?.keySet === keySetAt("https://id.test/keys"),
    true,
  ],
  ["CHANNELS", "\tmain ", ({ auth }: Settings) => auth.channels, ["main"]],
  ["ALLOWED_ORIGINS", " https://a.example\n", ({ origins }: Settings) => [...origins.listed], ["https://a.example"]],
  ["HEARTBEAT_SECONDS", " 5\n", ({ heartbeatMs }: Settings) => heartbeatMs, 5_000],
  ["LOG_GENERATION", "2\n", ({ generation }: Settings) => generation, "2"],
])("[T9] takes %s without the space around it", (name, value, of, expected) => {
  expect(of(read({ [name]: value }))).toEqual(expected);
});

it("[T9] refuses a secret with space around it: a backend may sign with it, or without", () => {
  const { REACTOR_JWT_SECRET } = VALID;
  expect(whyNot({ REACTOR_JWT_SECRET: `${REACTOR_JWT_SECRET}\n` })).toBe(
    "REACTOR_JWT_SECRET must be without space or line break around it: tokens are signed with the same bytes.",
  );
});

it("[L8] takes the numbers and switches of a wrangler.toml as text", () => {
  expect(read({ LOG_GENERATION: 2, RETENTION_EVENTS: 10, REACTOR_ENABLED: false })).toMatchObject({
    generation: "2",
    enabled: false,
    retention: { maxEvents: 10 },
  });
});

it.each([
  ["REACTOR_JWT_SECERT", "REACTOR_JWT_SECRET"],
  ["REACTOR_JWK_URL", "REACTOR_JWKS_URL"],
  ["REACTOR_API_KEYS", "REACTOR_API_KEY"],
  ["CHANNEL", "CHANNELS"],
  ["SOCKETS_PER_ADRESS", "SOCKETS_PER_ADDRESS"],
])("[T9] does not serve with a variable %s, and names the one that was meant", (name, meant) => {
  expect(whyNot({ [name]: "x" })).toBe(
    `${name} must be another name: no variable is called that. Did you mean ${meant}?`,
  );
});

it("[T9] leaves variables alone that are not its own", () => {
  expect(whyNot({ REACTOR_BROWSER: "carried", PATH: "/bin", EMIT_LIMIT: {}, MY_CHANNELS: "x" })).toBeUndefined();
});
