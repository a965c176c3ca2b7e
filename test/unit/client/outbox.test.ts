import { afterEach, expect, it, vi } from "vitest";
import { connect, createReactor } from "../../../src/client/connect.ts";
import type { EmitReceipt } from "../../../src/client/outbox.ts";
import { REMEMBER_MS } from "../../../src/wire/limits.ts";
import { HubDouble } from "../../support/hub-double.ts";
import { ManualClock, promisesSettle, scripted, seeded } from "../../support/manual-ports.ts";

const at = (seq: number) => ({ epoch: "k3x9", seq });

afterEach(() => {
  vi.useRealTimers();
});

function setup(random = scripted(0.5), make = connect) {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const reactor = make({ url: "https://hub.test" }, { open: hub.open, after: clock.after, soon: clock.soon, random });
  const errors: string[] = [];
  reactor.onError(({ code }) => errors.push(code));
  const welcome = () => {
    hub.latest.welcome(at(41));
    clock.pass(0);
  };
  /** The messages that were sent on a socket: by default the newest. */
  const sent = (connection = hub.latest) => connection.sent.map((text) => JSON.parse(text));
  /** Loses the socket, and opens another one that is welcomed. */
  const reconnect = () => {
    hub.latest.drop(1006);
    clock.pass(0);
    reactor.open();
    welcome();
  };
  return { clock, hub, reactor, errors, welcome, sent, reconnect };
}

/** A connected client. */
function connected(...given: Parameters<typeof setup>) {
  const client = setup(...given);
  client.welcome();
  return client;
}

/** The outcome of an emit: the receipt, the code of the refusal, or `undefined` while it is pending. */
async function outcome(emitted: Promise<EmitReceipt>): Promise<unknown> {
  let ended: unknown;
  emitted.then(
    (receipt) => {
      ended = receipt;
    },
    (error) => {
      ended = error.code;
    },
  );
  await promisesSettle();
  return ended;
}

it("[K12] emits on the socket, and resolves with the event's cursor", async () => {
  const { hub, clock, reactor, sent } = connected();
  const emitted = reactor.emit("chat", { text: "hello" }, { id: "mine" });
  expect(sent()).toEqual([{ type: "emit", ref: 1, data: { type: "chat", data: { text: "hello" }, id: "mine" } }]);
  expect(await outcome(emitted)).toBeUndefined();
  hub.latest.emitted(1, at(42), "mine");
  clock.pass(0);
  expect(await outcome(emitted)).toEqual({ cursor: "k3x9.42", id: "mine", duplicate: false });
  expect(reactor.cursor).toBe("k3x9.41"); // it receives the event itself like any subscriber
});

it("[K12] gives each event a unique id, and leaves out absent members", () => {
  const others = new Set<string>();
  for (const seed of [1, 2]) {
    const { reactor, sent } = connected(seeded(seed));
    for (let n = 0; n < 10; n++) void reactor.emit("chat");
    for (const { data } of sent()) {
      expect(Object.keys(data)).toEqual(["type", "id"]);
      expect(data.id).toMatch(/^[a-z0-9]{20,40}$/);
      others.add(data.id);
    }
  }
  expect(others.size).toBe(20);
  const { reactor, sent } = connected(scripted(0)); // the worst random numbers
  for (let n = 0; n < 2; n++) void reactor.emit("chat");
  expect(sent().map(({ data }) => data.id)).toEqual(["1", "2"]);
});

it("[K12] rejects what the hub refuses, with its code, and calls no error listener", async () => {
  const { hub, clock, reactor, errors } = connected();
  const emitted = [reactor.emit("news"), reactor.emit("chat")];
  hub.latest.refuse("forbidden", 1);
  hub.latest.emitted(2, at(42), "x", true);
  hub.latest.refuse("unknown_message");
  hub.latest.refuse("forbidden", 1);
  hub.latest.emitted(1, at(43), "y");
  clock.pass(0);
  await expect(emitted[0]).rejects.toMatchObject({ code: "forbidden", message: "No: forbidden." });
  await expect(emitted[0]).rejects.toBeInstanceOf(Error);
  expect(await emitted[1]).toMatchObject({ duplicate: true });
  expect(errors).toEqual(["unknown_message", "forbidden"]); // the second answer has no emit
});

it("[K13] waits until the connection is established, also if it is not opened yet", async () => {
  const { hub, reactor, welcome, sent } = setup(scripted(0.5), createReactor);
  const emitted = [reactor.emit("a")];
  reactor.open();
  emitted.push(reactor.emit("b"));
  expect(sent()).toEqual([]);
  welcome();
  emitted.push(reactor.emit("c"));
  expect(sent().map(({ data }) => data.type)).toEqual(["a", "b", "c"]);
  expect(hub.connections).toHaveLength(1);
  expect(await outcome(Promise.race(emitted))).toBeUndefined();
});

it("[K13] sends again on the next socket, in order and with the same id, what was not answered on the previous one", async () => {
  const { hub, clock, reactor, sent, reconnect } = connected(seeded(7));
  const emitted = ["a", "b", "c"].map((type) => reactor.emit(type));
  const first = sent();
  hub.latest.emitted(2, at(42), "b's");
  clock.pass(0);
  reconnect();
  expect(sent()).toEqual([first[0], first[2]]);
  reconnect();
  expect(sent()).toEqual([first[0], first[2]]);
  hub.latest.emitted(1, at(43), "a's", true);
  hub.latest.emitted(3, at(44), "c's");
  clock.pass(0);
  expect(await Promise.all(emitted)).toMatchObject([
    { id: "a's", duplicate: true },
    { id: "b's", duplicate: false },
    { id: "c's", duplicate: false },
  ]);
  reconnect();
  expect(sent()).toEqual([]);
});

it("[K13] sends it once if a listener emits when the connection becomes connected", () => {
  const { reactor, welcome, sent } = setup();
  void reactor.emit("before");
  reactor.onState((state) => void (state === "connected" && reactor.emit("now")));
  welcome();
  expect(sent().map(({ data }) => data.type)).toEqual(["before", "now"]);
});

it("[K13] sends the value as it was at the emit, whatever changes later", () => {
  const { reactor, sent, reconnect } = connected();
  const data = { text: "first" };
  void reactor.emit("chat", data);
  data.text = "second";
  reconnect();
  expect(sent()[0].data.data).toEqual({ text: "first" });
});

it.each<[string, (client: ReturnType<typeof connected>) => void]>([
  ["it is closed", ({ reactor }) => reactor.close()],
  [
    "the hub says to stay away",
    ({ hub, clock }) => {
      hub.latest.drop(4503);
      clock.pass(0);
    },
  ],
])("[K14] rejects what waits when %s, and what is emitted then, until it is opened", async (_what, close) => {
  const client = connected();
  const { reactor, sent, welcome } = client;
  const before = [reactor.emit("a"), reactor.emit("b")];
  close(client);
  const after = reactor.emit("c");
  for (const emitted of [...before, after]) expect(await outcome(emitted)).toBe("closed");
  reactor.open();
  const again = reactor.emit("d");
  welcome();
  expect(sent().map(({ data }) => data.type)).toEqual(["d"]);
  expect(await outcome(again)).toBeUndefined();
});

it("[K14] sends 16 at once, the others in order as they are answered, 4 per second, and loses none", async () => {
  const { hub, clock, reactor, sent } = connected();
  const all = Array.from({ length: 40 }, (_, n) => reactor.emit(`n${n}`));
  expect(sent()).toHaveLength(16);
  clock.pass(10_000);
  expect(sent()).toHaveLength(16); // the hub has answered none
  const answer = (count: number) => {
    for (let n = answered + 1; n <= answered + count; n++) hub.latest.emitted(n, at(41 + n), `e${n}`);
    answered += count;
    clock.pass(0);
  };
  let answered = 0;
  answer(16);
  expect(sent()).toHaveLength(32); // it has been quiet for long enough
  answer(16);
  expect(sent()).toHaveLength(32);
  clock.pass(250);
  expect(sent()).toHaveLength(33);
  clock.pass(1_750);
  expect(sent().map(({ data }) => data.type)).toEqual(Array.from({ length: 40 }, (_, n) => `n${n}`));
  answer(8);
  expect((await Promise.all(all)).map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_, n) => `e${n + 1}`));
  clock.pass(4_000);
  expect(clock.pending).toBe(1); // the next ping: no timer of its own is left
});

it("[K14] keeps 1,000 events that wait, and rejects more until one is answered", async () => {
  const { hub, clock, reactor } = connected();
  const kept = Array.from({ length: 1_000 }, (_, n) => reactor.emit(`n${n}`));
  expect(await outcome(reactor.emit("too many"))).toBe("too_many_pending");
  expect(await outcome(Promise.race(kept))).toBeUndefined();
  hub.latest.emitted(1, at(42), "x");
  clock.pass(0);
  expect(await outcome(reactor.emit("room again"))).toBeUndefined();
});

it("[K14] rejects what would close the connection", async () => {
  const { reactor, sent } = connected();
  expect(await outcome(reactor.emit("chat", "é".repeat(32_768)))).toBe("event_too_large");
  void reactor.emit("chat", "é".repeat(32_000));
  expect(sent()).toHaveLength(1);
});

it("[K22] rejects what JSON cannot say, and says where it is", async () => {
  const { reactor, sent } = connected();
  const emitted = reactor.emit("chat", { list: [1, { "a b": new Map() }] });
  await expect(emitted).rejects.toMatchObject({
    code: "bad_event",
    message: "TypeError: JSON cannot say what is at /data/list/1/a b.",
  });
  void reactor.emit("chat", { at: new Date(0), left: undefined });
  expect(sent().map(({ data }) => data.data)).toEqual([{ at: "1970-01-01T00:00:00.000Z" }]);
});

it("[K14] does not send again what it sent more than 9 minutes ago: the hub may have forgotten its id", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
  const { reactor, sent, reconnect } = connected();
  const emitted = reactor.emit("chat");
  vi.setSystemTime(Date.now() + REMEMBER_MS - 60_000);
  reconnect();
  expect([sent().length, await outcome(emitted)]).toEqual([1, undefined]);
  vi.setSystemTime(Date.now() + 1);
  reconnect();
  expect([sent().length, await outcome(emitted)]).toEqual([0, "unconfirmed"]);
});

it.each([
  ["the wall clock is set back", -3_600_000, 600_000],
  ["the steady clock stood still while the machine slept", 600_000, 0],
])("[K14] does not send again what it sent too long ago, where %s", async (_, wallMs, steadyMs) => {
  vi.useFakeTimers({ toFake: ["Date", "performance"], now: 1_800_000_000_000 });
  const { reactor, sent, reconnect } = connected();
  const emitted = reactor.emit("chat");
  const now = performance.now() + steadyMs;
  vi.setSystemTime(Date.now() + wallMs);
  vi.spyOn(performance, "now").mockReturnValue(now);
  reconnect();
  expect([sent().length, await outcome(emitted)]).toEqual([0, "unconfirmed"]);
});

it("[K14] sends what it never sent, however late", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
  const { reactor, welcome, sent } = setup();
  const emitted = reactor.emit("chat");
  vi.setSystemTime(Date.now() + 10 * REMEMBER_MS);
  welcome();
  expect([sent().length, await outcome(emitted)]).toEqual([1, undefined]);
});

it("[K12] [K20] refuses an option that there is not, which would cost an event its id", async () => {
  const { reactor, sent } = connected();
  const emitted = reactor.emit("a", {}, { ID: "x" } as never);
  await expect(emitted).rejects.toThrow('`options` must be of id; this is "ID".');
  expect(sent()).toEqual([]);
});
