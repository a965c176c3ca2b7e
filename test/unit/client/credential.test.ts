import { afterEach, expect, it, vi } from "vitest";
import { createReactor } from "../../../src/client/connect.ts";
import type { TokenSource } from "../../../src/client/credential.ts";
import { EXPIRED } from "../../../src/core/fanout/token-expiry.ts";
import { encodeAuth } from "../../../src/wire/client-frame.ts";
import { TOKEN_EXPIRED } from "../../../src/wire/token-refusal.ts";
import { HubDouble } from "../../support/hub-double.ts";
import { ManualClock, promisesSettle, scripted } from "../../support/manual-ports.ts";
import { reportedErrors } from "../../support/reported-errors.ts";

const at = (seq: number) => ({ epoch: "k3x9", seq });

/** The errors reported to the page. */
const reported = reportedErrors();
afterEach(() => {
  vi.restoreAllMocks();
});

function setup(token: TokenSource | undefined) {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const ports = { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(0.5) };
  const reactor = createReactor({ url: "https://hub.test", channel: "eu", events: [], token }, ports);
  const errors: string[] = [];
  reactor.onError(({ code }) => errors.push(code));
  const losses: unknown[] = [];
  reactor.onState((_state, lost) => lost && losses.push(lost));
  /** Advances by `ms`, and runs the reactions of promises before and after. */
  const pass = async (ms: number) => {
    await promisesSettle();
    clock.pass(ms);
    await promisesSettle();
  };
  const welcomed = async () => {
    await pass(0);
    hub.latest.welcome(at(41));
    await pass(0);
  };
  const connected = () => {
    reactor.open();
    return welcomed();
  };
  /** Waits for the next socket, at most five minutes. */
  const nextSocket = async () => {
    const before = hub.connections.length;
    for (let n = 0; n < 600 && hub.connections.length === before; n++) await pass(500);
  };
  /** The subprotocols of each socket besides `reactor.v1`. */
  const shown = () => hub.connections.map(({ protocols: [first, ...others] }) => [first, others.join()].join(" "));
  return { clock, hub, reactor, errors, losses, pass, welcomed, connected, nextSocket, shown };
}

/** Returns t.1, t.2 and so on. */
function numbered() {
  let asked = 0;
  return vi.fn(() => `t.${++asked}`);
}

/** A promise that the test resolves, or rejects, when it wants to. */
const promised = () => Promise.withResolvers<string>();

it("[K9] offers a token beside reactor.v1, and not in the URL", async () => {
  const { hub, connected, shown } = setup("ey.J_h-b.9");
  await connected();
  expect(shown()).toEqual(["reactor.v1 reactor.token.ey.J_h-b.9"]);
  expect(hub.latest.url).toBe("wss://hub.test/ws/stream?channel=eu");
});

it("[K9] calls a function before the first socket, and keeps its token for later ones", async () => {
  const give = numbered();
  const { hub, reactor, pass, connected, shown } = setup(async () => give());
  expect(give).not.toHaveBeenCalled();
  reactor.open();
  expect([reactor.state, hub.connections.length]).toEqual(["connecting", 0]);
  await connected();
  hub.latest.drop(1006);
  await pass(250);
  expect(shown()).toEqual(Array(2).fill("reactor.v1 reactor.token.t.1"));
  expect([reactor.state, give.mock.calls.length]).toEqual(["connecting", 1]);
});

it.each(["", "two words", "a,b", "ünicode"])("[K9] takes no string that is no token: %j", (token) => {
  expect(() => setup(token)).toThrow("`token` must be a JWT.");
});

it("[K9] opens no socket for a token that comes after it was closed", async () => {
  const token = promised();
  const { clock, hub, reactor, pass } = setup(() => token.promise);
  reactor.open();
  reactor.close();
  token.resolve("t.1");
  await pass(60_000);
  expect([reactor.state, hub.connections.length, clock.pending]).toEqual(["closed", 0, 0]);
});

it.each<[string, TokenSource, unknown]>([
  ["throws", vi.fn(() => "t.2").mockImplementationOnce(failing), "The backend is down."],
  [
    "rejects",
    vi.fn(async () => "t.2").mockRejectedValueOnce(new Error("The backend is down.")),
    "The backend is down.",
  ],
  ["gives none", vi.fn(() => "t.2").mockReturnValueOnce(undefined as never), "`token` must be a JWT."],
])(
  "[K9] counts a function that %s as a failed attempt, reports it, and calls it again",
  async (_what, give, message) => {
    const { reactor, losses, pass, welcomed, shown } = setup(give);
    reactor.open();
    await pass(0);
    expect([reactor.state, losses]).toEqual(["reconnecting", [{ code: 1006, reason: "no token" }]]);
    expect(reported).toMatchObject([{ message }]);
    await pass(500);
    await welcomed();
    expect([reactor.state, shown()]).toEqual(["connected", ["reactor.v1 reactor.token.t.2"]]);
  },
);

function failing(): string {
  throw new Error("The backend is down.");
}

it("[K9] waits 10 s for a function, retries, and presents the token that arrived too late", async () => {
  const token = promised();
  const give = vi.fn(() => token.promise);
  const { hub, reactor, losses, pass, shown } = setup(give);
  reactor.open();
  await pass(9_999);
  expect(reactor.state).toBe("connecting");
  await pass(1);
  expect([reactor.state, losses]).toEqual(["reconnecting", [{ code: 1006, reason: "no token" }]]);
  token.resolve("t.1");
  await pass(0);
  expect(hub.connections).toEqual([]);
  await pass(500);
  expect([reactor.state, shown(), give.mock.calls.length]).toEqual(["connecting", ["reactor.v1 reactor.token.t.1"], 1]);
});

it("[K10] presents a fresh one on the same socket when the hub warns of the expiry, and on the next", async () => {
  const { hub, reactor, errors, pass, connected, shown } = setup(numbered());
  await connected();
  hub.latest.refuse("token_expiring");
  await pass(0);
  expect([hub.latest.sent, reactor.state, reactor.cursor]).toEqual([[encodeAuth("t.2")], "connected", "k3x9.41"]);
  expect([hub.connections.length, errors]).toEqual([1, []]);
  hub.latest.drop(1006);
  await pass(250);
  expect(shown().at(-1)).toBe("reactor.v1 reactor.token.t.2");
});

it("[K10] does not present the same one again, which the hub would warn of again", async () => {
  const { hub, pass, connected } = setup(() => "t.1");
  await connected();
  hub.latest.refuse("token_expiring");
  await pass(0);
  expect(hub.latest.sent).toEqual([]);
});

it("[K10] stays connected without a fresh one until the hub closes it, and then calls the function again", async () => {
  const give = vi
    .fn(() => "t.2")
    .mockReturnValueOnce("t.1")
    .mockImplementationOnce(failing);
  const { hub, reactor, pass, connected, welcomed, shown } = setup(give);
  await connected();
  hub.latest.refuse("token_expiring");
  await pass(0);
  expect([reactor.state, hub.latest.sent, reported.length]).toEqual(["connected", [], 1]);
  hub.latest.drop(4401);
  await pass(250);
  await welcomed();
  expect([reactor.state, shown().at(-1)]).toEqual(["connected", "reactor.v1 reactor.token.t.2"]);
});

it.each([["t.1"], [undefined]])("[K10] reports the expiry if there is no function to call: %j", async (token) => {
  const { hub, errors, pass, connected } = setup(token);
  await connected();
  hub.latest.refuse("token_expiring");
  await pass(0);
  expect([errors, hub.latest.sent]).toEqual([["token_expiring"], []]);
});

it("[K10] presents a fresh one when the page calls refreshToken, at once or on the next socket", async () => {
  const { hub, reactor, pass, connected, shown } = setup(numbered());
  await connected();
  reactor.refreshToken();
  await pass(0);
  expect(hub.latest.sent).toEqual([encodeAuth("t.2")]);
  hub.latest.drop(1006);
  await pass(0);
  reactor.refreshToken();
  await pass(250);
  expect(shown().at(-1)).toBe("reactor.v1 reactor.token.t.3");
  setup("t.1").reactor.refreshToken(); // there is no other token
});

const INVALID = "The token is not signed with a key that this hub knows.";

it("[K11] reconnects with a fresh one after a 4401, at its cursor, and ends when that is refused for good too", async () => {
  const { hub, reactor, losses, pass, connected, shown } = setup(numbered());
  await connected();
  hub.latest.drop(4401, INVALID);
  await pass(250);
  expect([reactor.state, new URL(hub.latest.url).searchParams.get("cursor")]).toEqual(["connecting", "k3x9.41"]);
  hub.latest.drop(4401, INVALID);
  await pass(3_600_000);
  expect([reactor.state, hub.connections.length]).toEqual(["closed", 2]);
  expect(shown()).toEqual(["reactor.v1 reactor.token.t.1", "reactor.v1 reactor.token.t.2"]);
  expect(losses).toEqual(Array(2).fill({ code: 4401, reason: INVALID }));
});

it("[K11] counts refusals from 0 after a welcome, and not after a lost connection", async () => {
  const { hub, reactor, pass, connected, welcomed } = setup(numbered());
  await connected();
  for (const waitMs of [250, 500]) {
    hub.latest.drop(4401, INVALID);
    await pass(waitMs);
    await welcomed();
    expect(reactor.state).toBe("connected");
  }
  hub.latest.drop(4401, INVALID);
  await pass(1_000);
  hub.latest.drop(1006);
  await pass(2_000);
  hub.latest.drop(4401, INVALID);
  await pass(0);
  expect([reactor.state, hub.connections.length]).toEqual(["closed", 5]);
});

it("[K11] calls the function again when it is opened after that", async () => {
  const { hub, reactor, pass, connected, shown } = setup(numbered());
  await connected();
  hub.latest.drop(4401, INVALID);
  await pass(250);
  hub.latest.drop(4401, INVALID);
  await pass(0);
  await connected();
  expect([reactor.state, shown().at(-1)]).toEqual(["connected", "reactor.v1 reactor.token.t.3"]);
});

it("[K11] asks on while the function hands out an expired token, which it shows once, and comes back with a good one", async () => {
  let token = "expired";
  const give = vi.fn(async () => token);
  const { hub, reactor, pass, welcomed, shown } = setup(give);
  reactor.open();
  await pass(0);
  hub.latest.drop(4401, EXPIRED); // of a laptop that wakes, whose page still has the token of yesterday
  for (let ms = 0; ms < 3_000; ms += 100) await pass(100);
  expect(reactor.state).not.toBe("closed");
  expect([give.mock.calls.length > 2, shown()]).toEqual([true, ["reactor.v1 reactor.token.expired"]]);
  token = "good";
  for (let ms = 0; ms < 4_000; ms += 100) await pass(100);
  await welcomed();
  expect([reactor.state, shown().at(-1)]).toEqual(["connected", "reactor.v1 reactor.token.good"]);
});

it("[K11] goes on with fresh ones that have expired on their way, for as long as the function answers", async () => {
  const { hub, reactor, connected, nextSocket } = setup(numbered());
  await connected();
  for (let n = 0; n < 20; n++) {
    hub.latest.drop(4401, EXPIRED);
    await nextSocket();
  }
  expect([reactor.state, hub.connections.length]).toEqual(["connecting", 21]);
});

it("[K11] shows a token that is not valid yet again, since the next one of the same clock would not be either", async () => {
  const give = numbered();
  const { hub, reactor, pass, welcomed, nextSocket, shown } = setup(give);
  reactor.open();
  await pass(0);
  for (let n = 0; n < 4; n++) {
    hub.latest.drop(4401, "The token is not valid yet.");
    await nextSocket();
  }
  await welcomed();
  expect([reactor.state, new Set(shown()), give.mock.calls.length]).toEqual([
    "connected",
    new Set(["reactor.v1 reactor.token.t.1"]),
    1,
  ]);
});

it("[K11] asks for another one after 8 refusals of a token that is not valid yet", async () => {
  const give = numbered();
  const { hub, reactor, pass, nextSocket } = setup(give);
  reactor.open();
  await pass(0);
  for (let n = 0; n < 8; n++) {
    expect(give).toHaveBeenCalledTimes(1);
    hub.latest.drop(4401, "The token is not valid yet.");
    await nextSocket();
  }
  expect([reactor.state, give.mock.calls.length]).toEqual(["connecting", 2]);
});

it("[K11] ends where the function says that there is no other, and reports no error", async () => {
  const give = vi.fn<() => string | null>(() => null).mockReturnValueOnce("t.1");
  const { hub, reactor, losses, pass, connected } = setup(give);
  await connected();
  reactor.refreshToken();
  await pass(0);
  hub.latest.drop(4401, EXPIRED);
  await pass(1_000);
  expect([reactor.state, losses, reported]).toEqual([
    "closed",
    [
      { code: 4401, reason: EXPIRED },
      { code: 4401, reason: "no token" },
    ],
    [],
  ]);
});

it("[K11] knows the hub's own reasons by how they begin", () => {
  expect(EXPIRED.startsWith(TOKEN_EXPIRED)).toBe(true);
});

it("[K10] keeps the answer to the newest question, whichever comes last", async () => {
  const answers = [promised(), promised()];
  const give = vi.fn<() => string | Promise<string>>(() => "t.1");
  const { hub, reactor, pass, connected, shown } = setup(give);
  await connected();
  for (const { promise } of answers) give.mockReturnValueOnce(promise);
  reactor.refreshToken();
  reactor.refreshToken();
  answers[1]?.resolve("newer");
  await pass(50);
  answers[0]?.resolve("older");
  await pass(600);
  expect(hub.latest.sent).toEqual([encodeAuth("newer")]);
  hub.latest.drop(1006);
  await pass(250);
  expect(shown().at(-1)).toBe("reactor.v1 reactor.token.newer");
});

it("[K10] shows a token that came while the socket was opening once it is welcomed, and shows none twice", async () => {
  const { hub, reactor, pass, welcomed } = setup(numbered());
  reactor.open();
  await pass(0);
  reactor.refreshToken(); // as a React app does whose user signs in right after mount
  await pass(0);
  expect(hub.latest.sent).toEqual([]);
  await welcomed();
  expect(hub.latest.sent).toEqual([encodeAuth("t.2")]);
  hub.latest.drop(1006);
  await pass(250);
  await welcomed();
  expect(hub.latest.sent).toEqual([]);
});

it("[K11] stays closed with a token that it cannot replace", async () => {
  const { hub, reactor, losses, pass, connected } = setup("t.1");
  await connected();
  hub.latest.drop(4401, "Expired.");
  await pass(3_600_000);
  expect([reactor.state, hub.connections.length, losses]).toEqual(["closed", 1, [{ code: 4401, reason: "Expired." }]]);
});

it("[K9] writes a token nowhere, whatever fails", async () => {
  const logged: unknown[] = [];
  for (const name of ["debug", "info", "log", "warn", "error"] as const) {
    vi.spyOn(console, name).mockImplementation((...args) => void logged.push(...args));
  }
  const secret = "ey.secret.9";
  const give = vi
    .fn(() => secret)
    .mockReturnValueOnce(`${secret} `)
    .mockReturnValueOnce(secret);
  const { hub, reactor, losses, errors, pass, connected, welcomed } = setup(give);
  reactor.open();
  await pass(0);
  await pass(500);
  await welcomed();
  give.mockReturnValueOnce(`${secret}\n`);
  hub.latest.refuse("token_expiring");
  await pass(0);
  give.mockReturnValueOnce(`${secret}.2`).mockReturnValueOnce(`${secret}.3`);
  hub.latest.drop(4401);
  await pass(1_000);
  hub.latest.drop(4401);
  await pass(0);
  expect(reactor.state).toBe("closed");
  await connected();
  const written = [logged, reported.map(String), losses, errors, reactor.url, hub.connections.map(({ url }) => url)];
  expect(reported).toHaveLength(2);
  expect(JSON.stringify(written)).not.toContain("secret");
});
