// A subscriber with default values.
import type { Subscriber } from "../../src/core/fanout/subscriber.ts";

export function subscriberOf(part: Partial<Subscriber> = {}): Subscriber {
  return {
    clientId: "c",
    channel: "main",
    dialect: "v1",
    asked: null,
    allowed: null,
    sub: null,
    emit: [],
    expiresMs: null,
    warnMs: null,
    address: null,
    sentSeq: 0,
    catchUp: null,
    heardMs: 0,
    wasHeard: false,
    ...part,
  };
}
