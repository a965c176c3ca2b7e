// The options of a hub in memory, and their validation.
import { describeValue } from "../wire/describe-value.ts";
import { isPlainObject } from "../wire/json.ts";
import type { TestHubOptions } from "./test-hub.ts";

const START_MS = Date.UTC(2026, 0, 1);
const MAX_EVENTS = 100_000;
const MAX_HEARTBEAT_S = 86_400;

/** @returns the options, with what is not given @throws TypeError if one is invalid */
export function checkTestOptions(options: TestHubOptions) {
  checkNames(options, ["startMs", "authenticate", "keepEvents", "heartbeatSeconds"]);
  const { startMs = START_MS, keepEvents = MAX_EVENTS, heartbeatSeconds = 0, authenticate } = options;
  if (!Number.isSafeInteger(startMs) || startMs < 0) throw wrong("startMs", "a Unix time in ms", startMs);
  if (!Number.isSafeInteger(keepEvents) || keepEvents < 1 || keepEvents > MAX_EVENTS)
    throw wrong("keepEvents", `a whole number from 1 to ${MAX_EVENTS}`, keepEvents);
  const isBeat = heartbeatSeconds === 0 || (heartbeatSeconds >= 1 && heartbeatSeconds <= MAX_HEARTBEAT_S);
  if (!isBeat) throw wrong("heartbeatSeconds", `0, or a number from 1 to ${MAX_HEARTBEAT_S}`, heartbeatSeconds);
  if (authenticate !== undefined && typeof authenticate !== "function")
    throw wrong("authenticate", "a function", authenticate);
  return { startMs, keepEvents, heartbeatSeconds, authenticate };
}

/** @throws TypeError if it is no object, or has a member of another name */
export function checkNames(options: unknown, names: readonly string[]): void {
  const are = `Options are ${names.join(", ")}`;
  if (!isPlainObject(options)) throw new TypeError(`${are}; this is ${describeValue(options)}.`);
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new TypeError(`${are}; there is no option ${describeValue(unknown)}.`);
}

function wrong(name: string, what: string, value: unknown): TypeError {
  return new TypeError(`\`${name}\` must be ${what}; this is ${describeValue(value)}.`);
}
