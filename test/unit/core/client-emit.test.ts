import { expect, it } from "vitest";
import { HubInMemory, settled } from "../../support/hub-in-memory.ts";
import { eventsIn } from "../../support/stamped.ts";

const emit = (data: unknown, ref: unknown = 1) => ({ type: "emit", ref, data });

it("[T17] takes an event from a socket whose rights let it, under its own name, and says where it is", async () => {
  const hub = new HubInMemory();
  const [ada, other] = [hub.join({ sub: "ada", emit: ["chat_*"] }), hub.join()];
  hub.send(ada, emit({ type: "chat_said", data: { text: "hi" }, source: "user:bob" }, "r1"));
  await settled();
  expect(other.frames().at(-1)?.events).toMatchObject([
    { type: "chat_said", data: { text: "hi" }, source: "user:ada", seq: 1 },
  ]);
  expect(ada.frames().slice(1)).toMatchObject([
    { type: "reactor_events", cursor: "abc.1" },
    { type: "reactor_emitted", data: { ref: "r1", cursor: "abc.1", id: "abc.1", duplicate: false } },
  ]);
});

it("[T17] knows an event that is repeated under its id", async () => {
  const hub = new HubInMemory();
  const ada = hub.join({ sub: "ada", emit: null });
  for (let n = 0; n < 2; n++) hub.send(ada, emit({ type: "a", id: "mine" }));
  await settled();
  expect(ada.frames().at(-1)).toMatchObject({
    type: "reactor_emitted",
    data: { cursor: "abc.1", id: "mine", duplicate: true },
  });
  expect(hub.log.cursor.seq).toBe(1);
});

it.each([
  ["what it may not emit", { type: "news" }, "forbidden"],
  ["a member that an event does not have", { type: "chat_said", payload: {} }, "unknown_field"],
  ["the hub's own types", { type: "reactor_x" }, "reserved_type"],
  ["what is no event", 5, "bad_event"],
])("[T17] refuses %s at once, stores nothing, and stays", (_, event, code) => {
  const hub = new HubInMemory();
  const ada = hub.join({ sub: "ada", emit: ["chat_*"] });
  hub.send(ada, emit(event, 9));
  expect(ada.frames().at(-1)).toMatchObject({ type: "reactor_error", data: { code, ref: 9 } });
  expect([ada.closed, hub.log.cursor.seq]).toEqual([undefined, 0]);
});

it("[T17] refuses an emit of a client that may only receive", () => {
  const hub = new HubInMemory();
  const socket = hub.join();
  hub.send(socket, emit({ type: "a" }));
  expect(socket.frames().at(-1)).toMatchObject({ data: { code: "forbidden" } });
});

it("[T17] [E3] keeps the numbers of an event as they are written", () => {
  const hub = new HubInMemory();
  const ada = hub.join({ sub: "ada", emit: null });
  hub.send(ada, '{"type":"emit","ref":1,"data":{"type":"a","data":{"n":12345678901234567890,"m":1.0,"l":1e400}}}');
  const [event] = eventsIn(hub.log).map(({ event }) => event);
  expect(event).toContain('"data":{"n":12345678901234567890,"m":1.0,"l":1e400}');
});

it.each([
  ["nested deeply", "[".repeat(20_000) + "]".repeat(20_000)],
  ["long", JSON.stringify("x".repeat(257))],
  ["an object", '{"__proto__":1}'],
])("[F9] gives back no ref that is %s", async (_, ref) => {
  const hub = new HubInMemory();
  const ada = hub.join({ sub: "ada", emit: null });
  hub.send(ada, `{"type":"emit","ref":${ref},"data":{"type":"a"}}`);
  await settled();
  hub.send(ada, `{"type":"dance","ref":${ref}}`);
  expect(ada.frames().slice(-2)).toMatchObject([
    { type: "reactor_emitted", data: { ref: null, cursor: "abc.1" } },
    { type: "reactor_error", data: { ref: null } },
  ]);
});
