import { inflateRawSync } from "node:zlib";
import { expect, it } from "vitest";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";
import type { RecordingSocket } from "../../support/recording-socket.ts";
import { count, seqsOf } from "../../support/what-was-sent.ts";

const INFLATES = { encoding: "deflate" } as const;

const formsOf = ({ messages }: RecordingSocket) => messages.map((message) => typeof message);

/** What compresses to a hundredth, and what hardly does. */
const PROSE = "Parliament votes on the budget. ".repeat(1_000);

it("[F14] [F15] compresses a frame once, for those of a group that can inflate, live and catching up", () => {
  const hub = new HubInMemory();
  const inflating = [1, 2, 3].map(() => hub.join(INFLATES));
  const [legacy, plain] = [hub.join({ dialect: "legacy" }), hub.join()];
  for (let n = 0; n < 3; n++) hub.emit([draftOf({ type: "a", data: PROSE })]);
  for (const socket of inflating) {
    expect(formsOf(socket)).toEqual(["string", "object", "object", "object"]);
    expect(socket.messages.slice(1)).toEqual(inflating[0]?.messages.slice(1));
    expect(seqsOf(socket).filter(Boolean)).toEqual([1, 2, 3]);
    for (const [index, message] of socket.messages.slice(1).entries())
      expect(message).toBe(inflating[0]?.messages[index + 1]); // the same bytes, not equal ones
  }
  for (const socket of [legacy, plain]) expect(formsOf(socket)).toEqual(["string", "string", "string", "string"]);
  const late = [1, 2, 3].map(() => hub.join({ ...INFLATES, cursor: { epoch: "0", seq: 0 } }));
  expect(late.map((socket) => formsOf(socket)[1])).toEqual(["string", "string", "object"]);
  const plainToo = hub.join({ cursor: { epoch: "0", seq: 0 } });
  expect(formsOf(plainToo)).toEqual(["string", "string"]);
});

it("[F15] sends an empty frame, which says how far the log has come, as text", () => {
  const hub = new HubInMemory();
  const sockets = [1, 2, 3].map(() => hub.join({ ...INFLATES, asked: ["b"] }));
  hub.emit([draftOf({ type: "a", data: PROSE })]);
  hub.broker.beat();
  for (const socket of sockets) expect(formsOf(socket)).toEqual(["string", "string"]);
});

it("[F15] compresses on, turn after turn, however much that is", () => {
  const hub = new HubInMemory();
  const [socket] = [1, 2, 3].map(() => hub.join(INFLATES));
  for (let n = 0; n < 100; n++) hub.emit([draftOf({ type: "a", data: PROSE })]); // 3.2 MB
  expect(socket && new Set(formsOf(socket).slice(1))).toEqual(new Set(["object"]));
});

it("[F15] shares the form of a frame between groups that are sent the same", () => {
  const hub = new HubInMemory();
  const sockets = [
    hub.join(INFLATES),
    hub.join({ ...INFLATES, asked: ["a"] }),
    hub.join({ ...INFLATES, asked: ["a*"] }),
  ];
  hub.emit([draftOf({ type: "a", data: PROSE })]);
  hub.emit([draftOf({ type: "a", data: PROSE })]);
  expect(sockets.map((socket) => formsOf(socket).slice(1))).toEqual([
    ["string", "string"],
    ["string", "string"],
    ["object", "object"],
  ]);
});

it("[F16] [P7] counts what it has sent, not what that inflates to: the slow reader stays live", () => {
  const hub = new HubInMemory();
  const sockets = [1, 2, 3].map(() => hub.join(INFLATES));
  const plain = hub.join();
  for (const socket of [...sockets, plain]) socket.readsNothing = true;
  for (let n = 0; n < 10; n++) hub.emit([draftOf({ type: "a", data: PROSE })]); // 320 kB of text
  expect(hub.broker.subscribers.catchingUp).toBe(1);
  expect(sockets.map((socket) => seqsOf(socket).filter(Boolean))).toEqual(sockets.map(() => count(1, 10)));
  expect(plain.frames().at(-1)).toMatchObject({ events: [], more: true });
});

it("[F16] [F8] sends in one turn what fits it as it is sent, and where one socket is sent text, what fits it as text", () => {
  const reached = (plain: number) => {
    const hub = new HubInMemory(undefined, { framesPerTurn: 1_000 });
    const sockets = Array.from({ length: 300 }, () => hub.join(INFLATES)); // 9.6 MB of text
    for (let n = 0; n < plain; n++) hub.join();
    hub.emit([draftOf({ type: "a", data: PROSE })]);
    return sockets.filter((socket) => socket.messages.length > 1).length;
  };
  expect([reached(0), reached(1)]).toEqual([300, 261]);
});

it("[F14] says `more` in text to a socket that lags, and sends its pages in both forms, in order", () => {
  const hub = new HubInMemory();
  const sockets = [1, 2, 3].map(() => hub.join(INFLATES));
  for (const socket of sockets) socket.bufferedAmount = 200 * 1024;
  for (let n = 0; n < 3; n++) hub.emit([draftOf({ type: "a", data: PROSE })]);
  expect(hub.broker.subscribers.catchingUp).toBe(3);
  for (const socket of sockets) {
    socket.bufferedAmount = 0;
    hub.ack(socket, "abc.0");
    while (socket.frames().at(-1).more) {
      hub.ack(socket, socket.frames().at(-1).cursor);
      hub.pass(1); // it may have to wait for its turn
    }
    expect(seqsOf(socket).filter(Boolean)).toEqual([1, 2, 3]);
  }
  expect(hub.broker.subscribers.catchingUp).toBe(0);
  const last = sockets.at(-1)?.messages.at(-1);
  expect(typeof last === "object" && inflateRawSync(last).toString()).toContain("reactor_events");
});
