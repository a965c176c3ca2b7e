import { expect, it } from "vitest";
import { HubInMemory } from "../doubles/hub-in-memory.ts";

const emit = (data: unknown, ref: unknown = 1) => ({ type: "emit", ref, data });

it("[T22] takes an event from a socket whose rights let it, under its own name, and says where it is", () => {
  const hub = new HubInMemory();
  const [ada, other] = [hub.join({ sub: "ada", emit: ["chat_*"] }), hub.join()];
  hub.say(ada, emit({ type: "chat_said", data: { text: "hi" }, source: "user:bob" }, "r1"));
  expect(other.frames().at(-1)?.events).toMatchObject([
    { type: "chat_said", data: { text: "hi" }, source: "user:ada", seq: 1 },
  ]);
  expect(ada.frames().slice(1)).toMatchObject([
    { type: "reactor_events", cursor: "abc.1" },
    { type: "reactor_emitted", data: { ref: "r1", cursor: "abc.1", id: "abc.1", duplicate: false } },
  ]);
});

it("[T22] knows an event that is repeated under its id", () => {
  const hub = new HubInMemory();
  const ada = hub.join({ sub: "ada", emit: null });
  for (let n = 0; n < 2; n++) hub.say(ada, emit({ type: "a", id: "mine" }));
  expect(ada.frames().at(-1)).toMatchObject({
    type: "reactor_emitted",
    data: { cursor: "abc.1", id: "mine", duplicate: true },
  });
  expect(hub.log.cursor.seq).toBe(1);
});

it.each([
  ["what it may not emit", { type: "news" }, "forbidden"],
  ["the hub's own types", { type: "reactor_x" }, "reserved_type"],
  ["what is no event", 5, "bad_event"],
])("[T22] refuses %s, stores nothing, and stays", (_, event, code) => {
  const hub = new HubInMemory();
  const ada = hub.join({ sub: "ada", emit: ["chat_*"] });
  hub.say(ada, emit(event, 9));
  expect(ada.frames().at(-1)).toMatchObject({ type: "reactor_error", data: { code, ref: 9 } });
  expect([ada.closed, hub.log.cursor.seq]).toEqual([undefined, 0]);
});

it("[T22] takes nothing from who only listens", () => {
  const hub = new HubInMemory();
  const socket = hub.join();
  hub.say(socket, emit({ type: "a" }));
  expect(socket.frames().at(-1)).toMatchObject({ data: { code: "forbidden" } });
});
