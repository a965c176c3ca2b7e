// The built hub in workerd, over TCP: malformed HTTP and malformed WebSocket frames, beside a well-behaved subscriber.
import fc from "fast-check";
import { decodeClientFrame } from "../../src/wire/client-frame.ts";
import { API_KEY, type ChaosServer } from "../chaos/chaos-server.ts";
import { CLOUD_EVENTS, EVENTS, MESSAGES } from "./corpus.ts";
import { mutated, readable } from "./mutations.ts";
import { converse, frameOf, handshake, textsIn } from "./raw-socket.ts";
import { must, type Target } from "./target.ts";

/** Inputs per conversation: a connection costs more than the messages on it. */
const FRAMES = 20;

/** Conversations at a time: most end with both sides waiting. */
const SOCKETS = 8;

/** A frame may announce more bytes than follow: then the hub waits, as it should, and so do we, for this long. */
const TIMEOUT_MS = 300;

/** The last message has this text, and the answer repeats it, in either dialect. */
const LAST_REF = "that was all";

/** The end of a conversation: a valid message, or bytes that no WebSocket client sends, after which the hub answers nothing. */
const finale = fc.oneof(
  { weight: 4, arbitrary: fc.constant(frameOf(Buffer.from(JSON.stringify({ type: "bye", ref: LAST_REF })))) },
  { weight: 1, arbitrary: mutated(MESSAGES).map((payload) => frameOf(payload, 0x2)) },
  { weight: 1, arbitrary: fc.constantFrom(65_537, 1 << 20).map((bytes) => frameOf(Buffer.alloc(bytes, "a"))) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(mutated(MESSAGES), fc.nat(15), fc.nat(15), fc.boolean())
      .map(([payload, opcode, flags, masked]) => frameOf(payload, opcode, flags, masked)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 20 }).map((noise) => Buffer.from(noise)) },
);

const conversation = fc.record({
  headers: fc.constantFrom(
    [],
    ["Sec-WebSocket-Protocol: reactor.v1"],
    [`Sec-WebSocket-Protocol: reactor.v1, reactor.token.${API_KEY}`],
  ),
  frames: fc.array(mutated(MESSAGES), { minLength: FRAMES - 1, maxLength: FRAMES - 1 }),
  finale,
});
type Conversation = typeof conversation extends fc.Arbitrary<infer T> ? T : never;

/** The Host is always valid: the edge, and workerd, answer an invalid one before any Worker. */
const HOST = " HTTP/1.1\r\nHost: hub.test\r\nConnection: close\r\n";

const REQUESTS = [...EVENTS, ...CLOUD_EVENTS].flatMap((body) => {
  const type = body.includes("specversion") ? "application/cloudevents+json" : "application/json";
  const head = `Authorization: Bearer ${API_KEY}\r\nContent-Type: ${type}`;
  const length = Buffer.byteLength(body);
  return [
    `${head}\r\nContent-Length: ${length}\r\n\r\n${body}`,
    `${head}\r\nTransfer-Encoding: chunked\r\n\r\n${length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  ];
});

const request = fc
  .tuple(mutated(["POST /api/events?channel=fuzzed"]), mutated(REQUESTS))
  .map(([target, rest]) => readable(Buffer.concat([target, Buffer.from(HOST), rest])));

/** @param checkControl rejects if another subscriber was affected */
export function hubTargets(server: ChaosServer, checkControl: () => Promise<void>): readonly Target[] {
  async function talk({ headers, frames, finale }: Conversation): Promise<void> {
    const hello = handshake("/ws/stream?channel=fuzzed", headers);
    const chunks = [hello, ...frames.map((payload) => frameOf(payload)), finale];
    const { text, end } = await converse(server.port, chunks, (text) => text.includes(LAST_REF), TIMEOUT_MS);
    must(text.startsWith("HTTP/1.1 101 "), `a socket is accepted, not ${text.slice(0, 40)}`);
    if (end !== "answered") return; // closed for a message, or waiting for the rest of one
    // The only sign of an exception in the hub is a missing answer.
    const answers = textsIn(text).filter((answer) =>
      /^(pong$|\{"type":"(echo|reactor_(error|subscribed|emitted))")/.test(answer),
    );
    const isV1 = headers.length > 0;
    const expected = frames.filter((payload) => !isV1 || !isAck(payload)).length;
    must(answers.length > expected, `each message is answered, not ${answers.length - 1} of ${expected}`);
  }

  async function post(request: Uint8Array): Promise<void> {
    const { text } = await converse(server.port, [request], () => false, TIMEOUT_MS);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? 0);
    must(status < 500 || isFromRuntime(text), `no 5xx, not ${text.slice(0, 300)}`);
  }

  /** SOCKETS inputs at once; then the control subscriber is checked. */
  function together<T>(arbitrary: fc.Arbitrary<T>, act: (input: T) => Promise<void>) {
    return fc.asyncProperty(fc.array(arbitrary, { minLength: SOCKETS, maxLength: SOCKETS }), async (inputs) => {
      await Promise.all(inputs.map(act));
      await checkControl();
    });
  }

  return [
    { name: "frames, over TCP", share: 8, inputsPerRun: FRAMES * SOCKETS, property: together(conversation, talk) },
    { name: "requests, over TCP", share: 2, inputsPerRun: SOCKETS, property: together(request, post) },
  ];
}

/** A valid `ack` has no answer. */
function isAck(payload: Uint8Array): boolean {
  const frame = decodeClientFrame(new TextDecoder().decode(payload));
  return frame.ok && frame.value.type === "ack";
}

/** workerd answers a method that it does not know by 501, before the Worker; the edge never passes one on. */
function isFromRuntime(text: string): boolean {
  return /^HTTP\/1\.1 501 /.test(text) && !text.includes("application/problem+json");
}
