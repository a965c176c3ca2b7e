// Faults in the compressed form of frames.
import { deflateRawSync, deflateSync, inflateRawSync } from "node:zlib";
import type { FaultySocket } from "../faulty-hub.ts";
import { type Frame, onSocket } from "./altered-messages.ts";
import type { SeededFault } from "./seeded-fault.ts";

const binary = (change: NonNullable<FaultySocket["binary"]>) => onSocket(() => ({ binary: change }));
const again = (change: (text: string) => string) =>
  binary((payload) => deflateRawSync(change(inflateRawSync(payload).toString())));

const withoutAnswers = onSocket(() => ({
  down: (text) => (text.startsWith('{"type":"reactor_subscribed"') ? [] : [text]),
}));

export const FAULTS_IN_COMPRESSION: readonly SeededFault[] = [
  {
    rule: "S1",
    hub: "does not know reactor.v1.deflate",
    reason: /what is chosen of reactor\.v1\.deflate, reactor\.v1/,
    fault: { subprotocol: (chosen) => chosen?.replace(".deflate", "") ?? null },
  },
  {
    rule: "F14",
    hub: "sends streams with a header",
    reason: /a raw deflate stream/,
    fault: binary((payload) => deflateSync(inflateRawSync(payload))),
  },
  {
    rule: "F14",
    hub: "cuts streams",
    reason: /a raw deflate stream/,
    fault: binary((payload) => payload.subarray(0, -2)),
  },
  {
    rule: "F14",
    hub: "sends more behind a stream",
    reason: /3 bytes behind it/,
    fault: binary((payload) => Buffer.concat([payload, Buffer.from("abc")])),
  },
  {
    rule: "F14",
    hub: "compresses a part of a frame",
    reason: /a whole reactor_events/,
    fault: again((text) => text.slice(0, -1)),
  },
  {
    rule: "F14",
    hub: "leaves the data of events out of their compressed form",
    reason: /what each receives/,
    fault: again((text) => {
      const frame = JSON.parse(text);
      return JSON.stringify({ ...frame, events: frame.events.map((event: Frame) => ({ ...event, data: {} })) });
    }),
  },
  {
    rule: "F14",
    hub: "loses an answer on a socket that can inflate",
    reason: /an answer/,
    fault: withoutAnswers,
  },
  {
    rule: "F15",
    hub: "never compresses",
    reason: /live: expected a binary message/,
    fault: binary((payload) => inflateRawSync(payload).toString()),
  },
];
