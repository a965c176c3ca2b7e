import { expect, it, vi } from "vitest";
import { debug } from "../../../src/client/debug.ts";
import { connectToDouble, stampedEvent } from "../../support/client-setup.ts";
import { at } from "../../support/connections.ts";
import { promisesSettle } from "../../support/manual-ports.ts";

function setup(options: Parameters<typeof connectToDouble>[0] = {}) {
  const double = connectToDouble(options);
  const lines: string[] = [];
  const undo = debug(double.reactor, { print: (line) => lines.push(line) });
  return { ...double, lines, undo };
}

it("[K33] prints sockets, states, and messages both ways", () => {
  const { lines, live, emit, reactor, hub, clock } = setup({ channel: "a:b", events: ["news_*"] });
  live(41);
  emit(stampedEvent("news_a", 42), stampedEvent("news_b", 43));
  reactor.subscribe(["x"]);
  clock.pass(0);
  hub.latest.subscribed(["x"], at(43));
  hub.latest.events(43, at(50), [], true);
  clock.pass(0);
  reactor.ping();
  clock.pass(0);
  expect(lines.map((line) => line.replace("reactor a:b  ", ""))).toEqual([
    "open ?channel=a%3Ab&events=news_* (reactor.v1)",
    expect.stringMatching(/^← reactor_connected \{"message":"Connected to PulseAI Reactor".*"cursor":"k3x9.41"/),
    "connected",
    "← reactor_events 41 … k3x9.43: news_a, news_b",
    '→ subscribe {"events":["x"]}',
    '← reactor_subscribed {"events":["x"],"message":"","cursor":"k3x9.43"}',
    "← reactor_events 43 … k3x9.50, and more: none",
    '→ ack {"cursor":"k3x9.50"}',
    "→ ping",
    "← pong",
  ]);
});

it("[K33] prints why a connection was lost, and which attempt it is", () => {
  const { lines, live, hub, clock } = setup({ events: ["a"] });
  live();
  lines.length = 0;
  hub.latest.drop(4408, "Too slow.");
  clock.pass(2_000);
  expect(lines).toEqual([
    "reactor main  reconnecting: 4408 Too slow.",
    "reactor main  open ?cursor=k3x9.0&events=a (reactor.v1)",
    "reactor main  connecting, attempt 1",
  ]);
});

it("[K33] prints no token, and cuts long messages", async () => {
  let asked = 0;
  const { lines, live, reactor, clock, hub } = setup({ events: [], token: () => `secret.${++asked}` });
  clock.pass(0);
  await promisesSettle();
  live();
  reactor.refreshToken();
  await promisesSettle();
  reactor.send("note", "x".repeat(400));
  expect(hub.latest.protocols).toEqual(["reactor.v1", "reactor.token.secret.1"]);
  expect(hub.latest.sent[0]).toContain("secret.2");
  expect(lines.filter((line) => line.includes("secret"))).toEqual([]);
  expect(lines[0]).toBe("reactor main  open / (reactor.v1, a token)");
  expect(lines.at(-2)).toBe("reactor main  → auth, with a token");
  expect(lines.at(-1)).toMatch(/ → note "x{290,296} …$/);
});

it("[K33] prints to the console where it is not told otherwise, until it is ended", () => {
  const printed = vi.spyOn(console, "debug").mockImplementation(() => {});
  const { reactor, live, emit } = connectToDouble({ events: [] });
  const left = new AbortController();
  debug(reactor, { signal: left.signal });
  live();
  expect(printed).toHaveBeenCalledTimes(3);
  left.abort();
  emit(stampedEvent("a", 1));
  expect(printed).toHaveBeenCalledTimes(3);
  expect(reactor.cursor).toBe("k3x9.1");
  printed.mockRestore();
});

it("[K33] costs no connection where it cannot print, and watches no socket once it is ended", () => {
  const reported: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => void reported.push(error)); // which Node lacks
  const { reactor, live, hub } = connectToDouble({ events: ["a"] });
  debug(reactor, {
    print() {
      throw new Error("Its own.");
    },
  });
  const { latest } = hub;
  live();
  vi.unstubAllGlobals();
  expect([reactor.state, hub.connections.length, reported[0]]).toEqual(["connected", 1, new Error("Its own.")]);
  const plain = connectToDouble({ events: ["a"] });
  debug(plain.reactor)();
  expect([latest, plain.hub.latest].map((socket) => Object.hasOwn(socket, "send"))).toEqual([true, false]);
});

it("[K33] [K20] refuses at the call what is no option, and a printer that is none", () => {
  const { reactor } = connectToDouble();
  expect(() => debug(reactor, { prnt: 1 } as never)).toThrow('`options` must be of print signal; this is "prnt".');
  expect(() => debug(reactor, { print: 1 } as never)).toThrow("`print` must be a function; this is 1.");
});
