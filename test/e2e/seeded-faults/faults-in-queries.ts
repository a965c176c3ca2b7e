// Faults in which query parameters are taken: H20.
import { asks } from "./altered-answers.ts";
import type { SeededFault } from "./seeded-fault.ts";

const PARAMETERS = ["channel", "after", "before", "last", "events", "limit", "token"];

function withoutUnknown(query: URLSearchParams): void {
  for (const name of [...query.keys()]) if (!PARAMETERS.includes(name)) query.delete(name);
}

function withoutRepeated(query: URLSearchParams, names: readonly string[]): void {
  for (const name of names) query.set(name, query.get(name) ?? "");
}

export const FAULTS_IN_QUERIES: readonly SeededFault[] = [
  {
    rule: "H20",
    hub: "ignores unknown parameters",
    reason: /\/api\/events with chanel: expected a refusal/,
    fault: asks(withoutUnknown),
  },
  {
    rule: "H20",
    hub: "ignores unknown parameters of sockets",
    reason: /an upgrade with .*chanel.*: expected a refusal/,
    fault: asks((query, { dialect }) => dialect && withoutUnknown(query)),
  },
  {
    rule: "H20",
    hub: "does not say which parameter was meant",
    reason: /a detail that names channel/,
    fault: { reply: (text) => text.replaceAll('\\"channel\\"', "another") },
  },
  {
    rule: "H20",
    hub: "reads the first of a repeated parameter",
    reason: /\/api\/events with token twice: expected a refusal/,
    fault: asks((query) => query.has("token") && withoutRepeated(query, ["token"])),
  },
  {
    rule: "H20",
    hub: "reads the first of repeated events alone",
    reason: /types of events=a&events=c/,
    fault: asks((query) => query.has("events") && withoutRepeated(query, ["events"])),
  },
];
