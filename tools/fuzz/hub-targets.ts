// The built hub in workerd, over TCP: broken HTTP and broken WebSocket frames, while somebody else listens in peace.
import fc from "fast-check";
import { decodeClientFrame } from "../../src/wire/client-frame.ts";
import { API_KEY, type ChaosServer } from "../chaos/chaos-server.ts";
import { CLOUD_EVENTS, EVENTS, MESSAGES } from "./corpus.ts";
import { bent, readable } from "./mutations.ts";
import { converse, frameOf, handshake, textsIn } from "./raw-socket.ts";
import { must, type Target } from "./target.ts";

/** Inputs of one conversation: a connection costs more than what is said on it. */
const FRAMES = 20;

/** Conversations at a time: most of them end in waiting for a hub that waits. */
const SOCKETS = 8;

/** A frame may promise more than comes: then the hub waits, as it should, and so do we, for this long. */
const PATIENCE_MS = 300;

/** What the hub answers whoever says it, in either dialect. */
const THE_END = "that was all";

/** How somebody ends: politely, or with what no WebSocket client would send, after which nothing of theirs is heard. */
const finale = fc.oneof(
  { weight: 4, arbitrary: fc.constant(frameOf(Buffer.from(JSON.stringify({ type: "bye", ref: THE_END })))) },
  { weight: 1, arbitrary: bent(MESSAGES).map((payload) => frameOf(payload, 0x2)) },
  { weight: 1, arbitrary: fc.constantFrom(65_537, 1 << 20).map((bytes) => frameOf(Buffer.alloc(bytes, "a"))) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(bent(MESSAGES), fc.nat(15), fc.nat(15), fc.boolean())
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
  frames: fc.array(bent(MESSAGES), { minLength: FRAMES - 1, maxLength: FRAMES - 1 }),
  finale,
});
type Conversation = typeof conversation extends fc.Arbitrary<infer T> ? T : never;

/** Whom it is for is left alone: a Host that is none is answered before it comes to any Worker, at the edge and here. */
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
  .tuple(bent(["POST /api/events?channel=fuzzed"]), bent(REQUESTS))
  .map(([target, rest]) => readable(Buffer.concat([target, Buffer.from(HOST), rest])));

/** What the hub has to survive. @param bystander rejects once somebody else was disturbed */
export function hubTargets(server: ChaosServer, bystander: () => Promise<void>): readonly Target[] {
  async function talk({ headers, frames, finale }: Conversation): Promise<void> {
    const hello = handshake("/ws/stream?channel=fuzzed", headers);
    const chunks = [hello, ...frames.map((payload) => frameOf(payload)), finale];
    const { text, end } = await converse(server.port, chunks, (text) => text.includes(THE_END), PATIENCE_MS);
    must(text.startsWith("HTTP/1.1 101 "), `a socket is taken, and not ${text.slice(0, 40)}`);
    if (end !== "heard") return; // closed for what was said, or waiting for the rest of it
    // An exception in the hub shows as silence, and as nothing else.
    const answers = textsIn(text).filter((answer) =>
      /^(pong$|\{"type":"(echo|reactor_(error|subscribed|emitted))")/.test(answer),
    );
    const isV1 = headers.length > 0;
    const owed = frames.filter((payload) => !isV1 || !isAck(payload)).length;
    must(answers.length > owed, `each message is answered, and not ${answers.length - 1} of ${owed}`);
  }

  async function post(request: Uint8Array): Promise<void> {
    const { text } = await converse(server.port, [request], () => false, PATIENCE_MS);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? 0);
    must(status < 500 || isRuntimes(text), `no 5xx, and not ${text.slice(0, 300)}`);
  }

  /** As many as may at once; then the bystander is asked. */
  function together<T>(arbitrary: fc.Arbitrary<T>, act: (input: T) => Promise<void>) {
    return fc.asyncProperty(fc.array(arbitrary, { minLength: SOCKETS, maxLength: SOCKETS }), async (inputs) => {
      await Promise.all(inputs.map(act));
      await bystander();
    });
  }

  return [
    { name: "frames, over TCP", share: 8, inputsARun: FRAMES * SOCKETS, property: together(conversation, talk) },
    { name: "requests, over TCP", share: 2, inputsARun: SOCKETS, property: together(request, post) },
  ];
}

/** Taken in silence, if it is good. */
function isAck(payload: Uint8Array): boolean {
  const frame = decodeClientFrame(new TextDecoder().decode(payload));
  return frame.ok && frame.value.type === "ack";
}

/** A method that workerd does not know is answered 501 before this Worker is asked; at the edge it never gets so far. */
function isRuntimes(text: string): boolean {
  return /^HTTP\/1\.1 501 /.test(text) && !text.includes("application/problem+json");
}
