// What is known of a socket that has nothing special about it.
import type { Reader } from "../../src/core/fanout/subscriber-groups.ts";

export function readerOf(part: Partial<Reader> = {}): Reader {
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
    told: 0,
    catchUp: null,
    heardMs: 0,
    ...part,
  };
}
