// Faults in how the messages of clients are handled: T17 and T18.
import { reads } from "./altered-credentials.ts";
import { closingWith, onSocket } from "./altered-messages.ts";
import type { SeededFault } from "./seeded-fault.ts";

export const FAULTS_IN_CLIENT_MESSAGES: readonly SeededFault[] = [
  {
    rule: "T17",
    hub: "lets a socket emit anything",
    reason: /a?nswer to/,
    fault: reads(() => ({ emit: ["*"] })),
  },
  {
    rule: "T17",
    hub: "answers without the ref",
    reason: /"ref":1/,
    fault: onSocket(() => ({ down: (text) => [text.replace('"ref":1,', '"ref":null,')] })),
  },
  {
    rule: "T17",
    hub: "ignores unknown members of an emit",
    reason: /the answer to .*"payload"/,
    fault: onSocket(() => ({ up: (text) => [text.replace(',"payload":{}', "")] })),
  },
  {
    rule: "T17",
    hub: "does not report a duplicate",
    reason: /to a retry/,
    fault: onSocket(() => ({ down: (text) => [text.replace('"duplicate":true', '"duplicate":false')] })),
  },
  {
    rule: "T17",
    hub: "keeps the source of an emit on a socket",
    reason: /the log/,
    fault: { reply: (text) => text.replaceAll("user:ada", "user:bob") },
  },
  {
    rule: "T18",
    hub: "answers any number of messages",
    reason: /a close with 4429/,
    fault: onSocket((send) => ({
      up(text) {
        if (text !== "conformance") return [text];
        send('{"type":"reactor_error","data":{"code":"unknown_message"}}');
        return [];
      },
    })),
  },
  { rule: "T18", hub: "closes a flood with another code", reason: /the close code/, fault: closingWith(4429, 1008) },
  {
    rule: "T18",
    hub: "counts an emit as any message",
    reason: /fewer emits/,
    fault: onSocket(() => ({ up: (text) => [text.startsWith('{"type":"emit"') ? "conformance" : text] })),
  },
  {
    rule: "T18",
    hub: "counts pings",
    reason: /a close/,
    fault: onSocket((_, close) => {
      let pings = 0;
      return {
        up(text) {
          if (text === "ping" && ++pings === 100) close(4429);
          return [text];
        },
      };
    }),
  },
];
