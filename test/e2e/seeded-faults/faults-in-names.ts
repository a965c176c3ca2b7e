// Faults in which names of types and channels are taken, and what they are: E1, S8, S13, H16; and of empty texts: M6.
import { asks, changesEvents, changesPage } from "./altered-answers.ts";
import type { Frame } from "./altered-messages.ts";
import type { SeededFault } from "./seeded-fault.ts";

export const FAULTS_IN_NAMES: readonly SeededFault[] = [
  {
    rule: "E1",
    hub: "writes types in its own way",
    reason: /types in the log/,
    fault: changesEvents(({ type, ...event }) => ({
      ...event,
      type: typeof type === "string" ? type.replace(/(?<=\w) (?=\w)/g, "_") : type,
    })),
  },
  {
    rule: "H16",
    hub: "takes channels for one that differ in case",
    reason: /events of the channel in capitals/,
    fault: asks((query) => query.has("channel") && query.set("channel", query.get("channel")?.toLowerCase() ?? "")),
  },
  {
    rule: "S8",
    hub: "ignores the case of patterns",
    reason: /events of such types/,
    fault: asks((query, { dialect }) => {
      const events = query.get("events");
      if (dialect && events) query.set("events", events.replace("Order", "*rder"));
    }),
  },
  {
    rule: "S13",
    hub: "adds a pattern to those that are offered",
    reason: /the events/,
    fault: asks((query) => query.get("events") === "a" && query.set("events", "a,b")),
  },
  {
    rule: "M6",
    hub: "keeps an empty text as absent data",
    reason: /text\/plain/,
    fault: changesPage(({ events }) => ({
      events: events.map((event: Frame) => ({ ...event, data: event.data || {} })),
    })),
  },
];
