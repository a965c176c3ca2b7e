import { expect, it } from "vitest";
import {
  decodeClientFrame,
  encodeAck,
  encodeAuth,
  encodeEmit,
  encodeSubscribe,
} from "../../../src/wire/client-frame.ts";

it("[F6] decodes a subscribe as encoded: a set, in a canonical order; an empty one is everything", () => {
  const asked = (patterns: string[]) => decodeClientFrame(encodeSubscribe(patterns));
  expect(asked(["b", "a*", "b"])).toEqual({ ok: true, value: { type: "subscribe", asked: ["a*", "b"] } });
  expect(asked([])).toEqual({ ok: true, value: { type: "subscribe", asked: null } });
});

it("[P4] decodes an acknowledgement as encoded", () => {
  const cursor = { epoch: "k3x9", seq: 44 };
  expect(decodeClientFrame(encodeAck(cursor))).toEqual({ ok: true, value: { type: "ack", cursor } });
});

it.each([
  ["", "unknown_message", undefined],
  ["pong", "unknown_message", undefined],
  ["[]", "unknown_message", undefined],
  ["null", "unknown_message", undefined],
  ['{"type":"dance"}', "unknown_message", undefined],
  ['{"type":"toString"}', "unknown_message", undefined],
  ['{"type":["ack"],"data":{"cursor":"a.1"}}', "unknown_message", undefined],
  ['{"type":"auth"}', "unauthorized", "/data/token"],
  ['{"type":"auth","data":{"token":""}}', "unauthorized", "/data/token"],
  ['{"type":"subscribe"}', "bad_pattern", "/data/events"],
  ['{"type":"subscribe","data":"a,b"}', "bad_pattern", "/data/events"],
  ['{"type":"subscribe","data":{"events":"a"}}', "bad_pattern", "/data/events"],
  ['{"type":"subscribe","data":{"events":["a","b,c"]}}', "bad_pattern", "/data/events/1"],
  ['{"type":"subscribe","data":{"events":["a",null]}}', "bad_pattern", "/data/events/1"],
  ['{"type":"ack"}', "bad_cursor", "/data/cursor"],
  ['{"type":"ack","data":{"cursor":{"toString":1}}}', "bad_cursor", "/data/cursor"],
  ['{"type":"ack","data":{"cursor":"k3x9.044"}}', "bad_cursor", "/data/cursor"],
])("[F9] refuses %s as %s", (text, code, pointer) => {
  const decoded = decodeClientFrame(text);
  expect(decoded).toMatchObject({ ok: false, problem: { code, ...(pointer && { pointer }) } });
});

it("[T17] decodes an emit, which is validated later, and [T16] a token", () => {
  const event = { type: "chat_said", data: { text: "hi" }, id: "mine" };
  expect(decodeClientFrame(encodeEmit(1, event))).toEqual({ ok: true, value: { type: "emit", event } });
  expect(decodeClientFrame('{"type":"emit"}')).toEqual({ ok: true, value: { type: "emit", event: undefined } });
  expect(decodeClientFrame(encodeAuth("a.b.c"))).toEqual({ ok: true, value: { type: "auth", token: "a.b.c" } });
});
