import { expect, it } from "vitest";
import { encodeEcho, encodeLegacyEvent, encodeLegacyWelcome } from "../../../src/wire/legacy-dialect.ts";

it("[O1] welcomes with a message, a client id, a timestamp in seconds, the cursor and when to ping, and nothing else of v1", () => {
  const welcome = {
    message: "Connected to PulseAI Reactor",
    client_id: "c-1",
    timestamp: "2026-11-21T12:00:00.000Z",
    channel: "main",
    cursor: "k3x9.41",
    recovered: null,
    heartbeat_ms: 25_000,
  };
  const nowMs = Date.parse(welcome.timestamp) + 250;
  const retry = { first_ms: 500, base_ms: 500, max_ms: 20_000 };
  expect(JSON.parse(encodeLegacyWelcome({ ...welcome, retry, ack: null }, nowMs))).toStrictEqual({
    type: "reactor_connected",
    data: { ...welcome, timestamp: 1_795_262_400.25 },
  });
});

it("[O2] encodes an event as one frame with its members, its seq and its cursor", () => {
  const event = {
    type: "news_processed",
    data: { cursor: "not this one", nested: [{ "}": '"}' }] },
    source: "system",
    timestamp: "2026-11-21T12:00:00.000Z",
    id: "n-1}",
    seq: 42,
  };
  expect(JSON.parse(encodeLegacyEvent(JSON.stringify(event), { epoch: "k3x9", seq: 42 }))).toStrictEqual({
    ...event,
    cursor: "k3x9.42",
  });
});

it.each(["hello?", "", '{"type":"echo"}', 'a "quoted" \\ text\n', "\ud800 😀"])("[O3] echoes %j as it came", (text) => {
  expect(JSON.parse(encodeEcho(text))).toStrictEqual({ type: "echo", data: { message: text } });
});
