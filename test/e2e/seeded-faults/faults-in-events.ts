// Faults in which events are taken, what is kept of them, and how large their frames are: E5, E7, I1, I2, M4 and F3.
import type { Fault } from "../faulty-hub.ts";
import { changesEvents, changesPage } from "./altered-answers.ts";
import { changed, type Frame, onSocket } from "./altered-messages.ts";
import type { SeededFault } from "./seeded-fault.ts";

const MEMBERS = ["type", "data", "source", "timestamp", "id", "seq"];

const withoutOthers = (event: Frame): Frame =>
  Object.fromEntries(Object.entries(event).filter(([name]) => MEMBERS.includes(name)));

/** A leap second stays: it has no Unix time. */
const inUtc = (event: Frame): Frame => {
  const ms = Date.parse(event.timestamp);
  return Number.isNaN(ms) ? event : { ...event, timestamp: new Date(ms).toISOString() };
};

/** Retries are equal only if their text is: other data is sent for one that is written otherwise. */
function comparingText(): Fault {
  const texts = new Map<string, string>();
  return {
    body(text) {
      const { source, id } = JSON.parse(text);
      const first = texts.get(`${source} ${id}`) ?? text;
      texts.set(`${source} ${id}`, first);
      return first === text ? text : JSON.stringify({ ...JSON.parse(text), data: text });
    },
  };
}

/** Sends several frames as one. */
const mergesFrames = onSocket((send) => {
  let merged: Frame;
  const flush = () => {
    send(JSON.stringify(merged));
    merged = undefined;
  };
  return {
    down: changed((frame) => {
      if (frame.type !== "reactor_events") return [frame];
      if (merged) merged = { ...frame, after: merged.after, events: [...merged.events, ...frame.events] };
      else {
        merged = frame;
        setTimeout(flush, 50);
      }
      return [];
    }),
  };
});

export const FAULTS_IN_EVENTS: readonly SeededFault[] = [
  {
    rule: "E5",
    hub: "replaces a malformed timestamp by its own time",
    reason: /"\/1\/timestamp"/,
    fault: changesEvents(({ timestamp, ...event }) => (/^\d/.test(timestamp) ? { ...event, timestamp } : event)),
  },
  {
    rule: "E5",
    hub: "converts timestamps to UTC",
    reason: /timestamps that were kept/,
    fault: changesPage(({ events }) => ({ events: events.map(inUtc) })),
  },
  {
    rule: "E7",
    hub: "ignores unknown members",
    reason: /unknown_field/,
    fault: changesEvents(withoutOthers),
  },
  {
    rule: "E7",
    hub: "does not say which member was meant",
    reason: /a detail that names data/,
    fault: { reply: (text) => text.replaceAll('\\"data\\"', "another") },
  },
  {
    rule: "I1",
    hub: "compares retries as text",
    reason: /answered 200, got 409/,
    fault: comparingText(),
  },
  {
    rule: "I2",
    hub: "compares numbers as doubles",
    reason: /12345678901234567891 after 12345678901234567890: expected a refusal/,
    fault: changesEvents((event) => event),
  },
  {
    rule: "M4",
    hub: "keeps no extensions in history",
    reason: /an event /,
    fault: changesPage(({ events }) => ({ events: events.map(withoutOthers) })),
  },
  {
    rule: "M4",
    hub: "sends no extensions on the stream",
    reason: /an event on the stream/,
    fault: onSocket(() => ({
      down: changed((frame) => [frame.events ? { ...frame, events: frame.events.map(withoutOthers) } : frame]),
    })),
  },
  {
    rule: "M4",
    hub: "takes extensions of any type",
    reason: /"\/n"/,
    fault: changesEvents(({ n, o, ...event }) => ({ ...event, ...(Number.isInteger(n) && { n }) })),
  },
  {
    rule: "F3",
    hub: "sends several frames as one",
    reason: /a frame of \d+ events of at most 32000 bytes/,
    fault: mergesFrames,
  },
  {
    rule: "F3",
    hub: "adds more to the frame of the largest event than it reserves",
    reason: /a frame of 1 events of at most 262144 bytes/,
    fault: onSocket(() => ({
      down: changed((frame) => [frame.events?.length === 1 ? { ...frame, trace: "x".repeat(1_024) } : frame]),
    })),
  },
  {
    rule: "F3",
    hub: "adds more to the largest event for a legacy page than it reserves",
    reason: /a legacy frame of at most 262144 bytes/,
    fault: onSocket(() => ({
      down: changed((frame) => [frame.seq ? { ...frame, trace: "x".repeat(1_024) } : frame]),
    })),
  },
];
