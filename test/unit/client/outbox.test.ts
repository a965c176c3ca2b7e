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
  const hub = new HubDouble(clock.after);
  const reactor = make({ url: "https://hub.test" }, { open: hub.open, after: clock.after, random });
  const errors: string[] = [];
  reactor.onError(({ code }) => errors.push(code));
  const welcome = () => {
    hub.latest.welcome(at(41));
    clock.pass(0);
  };
  /** What was emitted on a socket: by default the newest. */
  const said = (connection = hub.latest) => connection.sent.map((text) => JSON.parse(text));
  /** Loses the socket, and has another one that was welcomed. */
  const comeBack = () => {
    hub.latest.drop(1006);
    clock.pass(0);
    reactor.open();
    welcome();
  };
  return { clock, hub, reactor, errors, welcome, said, comeBack };
}

/** A connected one. */
function connected(...given: Parameters<typeof setup>) {
  const client = setup(...given);
  client.welcome();
  return client;
}

/** What becomes of it: the receipt, the code of the refusal, or `undefined` as long as it waits. */
async function fate(emitted: Promise<EmitReceipt>): Promise<unknown> {
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

it("[K12] emits on the socket, and tells where the event is", async () => {
  const { hub, clock, reactor, said } = connected();
  const emitted = reactor.emit("chat", { text: "hello" }, { id: "mine" });
  expect(said()).toEqual([{ type: "emit", ref: 1, data: { type: "chat", data: { text: "hello" }, id: "mine" } }]);
  expect(await fate(emitted)).toBeUndefined();
  hub.latest.emitted(1, at(42), "mine");
  clock.pass(0);
  expect(await fate(emitted)).toEqual({ cursor: "k3x9.42", id: "mine", duplicate: false });
  expect(reactor.cursor).toBe("k3x9.41"); // it hears the event itself as everybody does
});

it("[K12] gives each an id that no other has, and leaves out what it was not given", () => {
  const others = new Set<string>();
  for (const seed of [1, 2]) {
    const { reactor, said } = connected(seeded(seed));
    for (let n = 0; n < 10; n++) void reactor.emit("chat");
    for (const { data } of said()) {
      expect(Object.keys(data)).toEqual(["type", "id"]);
      expect(data.id).toMatch(/^[a-z0-9]{20,40}$/);
      others.add(data.id);
    }
  }
  expect(others.size).toBe(20);
  const { reactor, said } = connected(scripted(0)); // as bad as chance can be
  for (let n = 0; n < 2; n++) void reactor.emit("chat");
  expect(said().map(({ data }) => data.id)).toEqual(["1", "2"]);
});

it("[K12] rejects what the hub refuses, with its code, and tells it nobody else", async () => {
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
  expect(errors).toEqual(["unknown_message", "forbidden"]); // the second answer to the first is nobody's
});

it("[K13] waits until the connection is established, also for one that was not opened yet", async () => {
  const { hub, reactor, welcome, said } = setup(scripted(0.5), createReactor);
  const emitted = [reactor.emit("a")];
  reactor.open();
  emitted.push(reactor.emit("b"));
  expect(said()).toEqual([]);
  welcome();
  emitted.push(reactor.emit("c"));
  expect(said().map(({ data }) => data.type)).toEqual(["a", "b", "c"]);
  expect(hub.connections).toHaveLength(1);
  expect(await fate(Promise.race(emitted))).toBeUndefined();
});

it("[K13] says again on the next socket, in order and with the same id, what was not answered on the one before", async () => {
  const { hub, clock, reactor, said, comeBack } = connected(seeded(7));
  const emitted = ["a", "b", "c"].map((type) => reactor.emit(type));
  const first = said();
  hub.latest.emitted(2, at(42), "b's");
  clock.pass(0);
  comeBack();
  expect(said()).toEqual([first[0], first[2]]);
  comeBack();
  expect(said()).toEqual([first[0], first[2]]);
  hub.latest.emitted(1, at(43), "a's", true);
  hub.latest.emitted(3, at(44), "c's");
  clock.pass(0);
  expect(await Promise.all(emitted)).toMatchObject([
    { id: "a's", duplicate: true },
    { id: "b's", duplicate: false },
    { id: "c's", duplicate: false },
  ]);
  comeBack();
  expect(said()).toEqual([]);
});

it("[K13] says it once where a listener emits as the connection turns connected", () => {
  const { reactor, welcome, said } = setup();
  void reactor.emit("before");
  reactor.onState((state) => void (state === "connected" && reactor.emit("now")));
  welcome();
  expect(said().map(({ data }) => data.type)).toEqual(["before", "now"]);
});

it("[K13] says what it was given then, whatever becomes of it later", () => {
  const { reactor, said, comeBack } = connected();
  const data = { text: "first" };
  void reactor.emit("chat", data);
  data.text = "second";
  comeBack();
  expect(said()[0].data.data).toEqual({ text: "first" });
});

it.each<[string, (client: ReturnType<typeof connected>) => void]>([
  ["it is closed by hand", ({ reactor }) => reactor.close()],
  [
    "the hub says to stay away",
    ({ hub, clock }) => {
      hub.latest.drop(4503);
      clock.pass(0);
    },
  ],
])("[K14] rejects what waits when %s, and what is emitted then, until it is opened", async (_what, close) => {
  const client = connected();
  const { reactor, said, welcome } = client;
  const before = [reactor.emit("a"), reactor.emit("b")];
  close(client);
  const after = reactor.emit("c");
  for (const emitted of [...before, after]) expect(await fate(emitted)).toBe("closed");
  reactor.open();
  const again = reactor.emit("d");
  welcome();
  expect(said().map(({ data }) => data.type)).toEqual(["d"]);
  expect(await fate(again)).toBeUndefined();
});

it("[K14] keeps 16 that wait for an answer, and rejects more until one is answered", async () => {
  const { hub, clock, reactor, said } = connected();
  const kept = Array.from({ length: 16 }, (_, n) => reactor.emit(`n${n}`));
  expect(await fate(reactor.emit("too many"))).toBe("too_many_pending");
  expect(await fate(Promise.race(kept))).toBeUndefined();
  hub.latest.emitted(1, at(42), "x");
  clock.pass(0);
  void reactor.emit("room again");
  expect([said().length, said().at(-1).data.type]).toEqual([17, "room again"]);
});

it("[K14] rejects what would cost it the connection, and what is no JSON", async () => {
  const { reactor, said } = connected();
  expect(await fate(reactor.emit("chat", "é".repeat(32_768)))).toBe("event_too_large");
  await expect(reactor.emit("chat", 1n)).rejects.toBeInstanceOf(TypeError);
  void reactor.emit("chat", "é".repeat(32_000));
  expect(said()).toHaveLength(1);
});

it("[K14] does not say again what it said more than 9 minutes ago: the hub may have forgotten its id", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
  const { reactor, said, comeBack } = connected();
  const emitted = reactor.emit("chat");
  vi.setSystemTime(Date.now() + REMEMBER_MS - 60_000);
  comeBack();
  expect([said().length, await fate(emitted)]).toEqual([1, undefined]);
  vi.setSystemTime(Date.now() + 1);
  comeBack();
  expect([said().length, await fate(emitted)]).toEqual([0, "unconfirmed"]);
});

it("[K14] says what it never said, however late", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
  const { reactor, welcome, said } = setup();
  const emitted = reactor.emit("chat");
  vi.setSystemTime(Date.now() + 10 * REMEMBER_MS);
  welcome();
  expect([said().length, await fate(emitted)]).toEqual([1, undefined]);
});
