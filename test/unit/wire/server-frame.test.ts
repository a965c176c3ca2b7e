import { expect, it } from "vitest";
import {
  chooseSubprotocol,
  decodeServerFrame,
  EVENTS_FRAME_BYTES,
  encodeError,
  encodeEvents,
  encodeRemoved,
  encodeReset,
  encodeSubscribed,
  encodeWelcome,
  encodingOf,
  subprotocolOf,
} from "../../../src/wire/server-frame.ts";
import { utf8Bytes } from "../../../src/wire/utf8.ts";

const welcome = {
  message: "Connected to PulseAI Reactor",
  client_id: "c-1",
  timestamp: "2026-11-21T12:00:00.000Z",
  channel: "main",
  cursor: "k3x9.41",
  recovered: null,
  heartbeat_ms: 25_000,
  retry: { first_ms: 500, base_ms: 500, max_ms: 20_000 },
  ack: null,
};
const event = { type: "a", data: { a: ["é", null] }, source: "system", timestamp: welcome.timestamp, id: "1", seq: 42 };

it("[F1] decodes a welcome as encoded, and its cursor", () => {
  expect(decodeServerFrame(encodeWelcome(welcome))).toStrictEqual({
    type: "reactor_connected",
    data: welcome,
    cursor: { epoch: "k3x9", seq: 41 },
  });
});

it.each([[[]], [[event]], [[event, { ...event, seq: 44, id: "2" }]]])("[F2] decodes events as encoded", (events) => {
  const cursor = { epoch: "k3x9", seq: 44 };
  const texts = events.map((each) => JSON.stringify(each));
  expect(decodeServerFrame(encodeEvents(41, cursor, texts))).toStrictEqual({
    type: "reactor_events",
    after: 41,
    cursor,
    events,
    more: false,
  });
});

it("[X3] decodes a removal as encoded, and none without a cursor", () => {
  const removed = { type: "reactor_removed", data: { cursor: "k3x9.41" } };
  const cursor = { epoch: "k3x9", seq: 41 };
  expect(decodeServerFrame(encodeRemoved(removed.data))).toStrictEqual({ ...removed, cursor });
  expect(decodeServerFrame('{"type":"reactor_removed","data":{}}')).toBeUndefined();
});

it("[F9] decodes an error as encoded, with its ref", () => {
  const problem = { code: "unknown_message", detail: "This hub does not know that." } as const;
  const error = { code: "unknown_message", message: "This hub does not know that." };
  expect(decodeServerFrame(encodeError(problem))).toStrictEqual({
    type: "reactor_error",
    data: { ...error, ref: null },
  });
  expect(decodeServerFrame(encodeError(problem, 7))).toStrictEqual({
    type: "reactor_error",
    data: { ...error, ref: 7 },
  });
});

it("[F3] adds to its events no more bytes than declared", () => {
  const longest = { epoch: "0123456789abcdef", seq: Number.MAX_SAFE_INTEGER };
  expect(utf8Bytes(encodeEvents(Number.MAX_SAFE_INTEGER, longest, [], true))).toBe(EVENTS_FRAME_BYTES);
});

it.each([
  "",
  "pong",
  "{",
  "null",
  "1",
  '"reactor_events"',
  "[]",
  "{}",
  '{"type":"reactor_reset","data":{}}',
  '{"type":"constructor"}',
  '{"type":["reactor_error"],"data":{}}',
  '{"type":"reactor_error"}',
  '{"type":"reactor_error","data":null}',
  '{"type":"reactor_error","data":{"code":1,"message":""}}',
  '{"type":"reactor_error","data":{"code":"internal"}}',
  '{"type":"reactor_error","data":{"code":"internal","message":"","close":"4408"}}',
  '{"type":"reactor_subscribed","data":{"cursor":"a.1","events":["a",1]}}',
  '{"type":"reactor_emitted","data":{"cursor":"a.1","ref":1}}',
  '{"type":"reactor_connected"}',
  '{"type":"reactor_connected","data":null}',
  '{"type":"reactor_connected","data":{}}',
  '{"type":"reactor_connected","data":{"cursor":"41"}}',
  '{"type":"reactor_connected","data":{"cursor":{"toString":0}}}',
  '{"type":"reactor_events","after":0,"cursor":"a.1"}',
  '{"type":"reactor_events","after":0,"cursor":"a.1","events":{}}',
  '{"type":"reactor_events","after":"0","cursor":"a.1","events":[]}',
  '{"type":"reactor_events","cursor":"a.1","events":[]}',
  '{"type":"reactor_events","after":0,"events":[]}',
  '{"type":"reactor_events","after":0,"cursor":"a.01","events":[]}',
  '{"type":"reactor_events","after":0,"cursor":{"toString":0},"events":[]}',
])("[F11] treats %s as an unknown frame", (text) => {
  expect(decodeServerFrame(text)).toBeUndefined();
});

it("[P2] decodes whether a frame asks for an acknowledgement", () => {
  const cursor = { epoch: "k3x9", seq: 44 };
  expect(decodeServerFrame(encodeEvents(41, cursor, [], true))).toMatchObject({ more: true });
  expect(decodeServerFrame(encodeEvents(41, cursor, []))).toMatchObject({ more: false });
});

it("[C4] [F6] decodes a reset, and an answer to a subscribe, as encoded", () => {
  const cursor = { epoch: "k3x9", seq: 8 };
  const reset = { reason: "trimmed", oldest: "k3x9.9", cursor: "k3x9.8" } as const;
  expect(decodeServerFrame(encodeReset(reset))).toStrictEqual({ type: "reactor_reset", data: reset, cursor });
  const subscribed = { events: ["a"], message: "Subscribed to a", cursor: "k3x9.8" };
  expect(decodeServerFrame(encodeSubscribed(subscribed))).toStrictEqual({
    type: "reactor_subscribed",
    data: subscribed,
    cursor,
  });
});

it.each([
  ["reactor.v1", "reactor.v1", undefined],
  ["a reactor.v1 reactor.v1.deflate", "reactor.v1", undefined],
  ["reactor.v1.deflate reactor.v1 reactor.token.a", "reactor.v1.deflate", "deflate"],
  ["a reactor.v1.deflate", "reactor.v1.deflate", "deflate"],
  ["reactor.v1.gzip REACTOR.V1", undefined, undefined],
] as const)("[S1] chooses of %s the first that there is", (offered, chosen, encoding) => {
  expect(chooseSubprotocol(offered.split(" "))).toBe(chosen);
  expect(encodingOf(chosen)).toBe(encoding);
  if (chosen !== undefined) expect(subprotocolOf(encoding)).toBe(chosen);
});
