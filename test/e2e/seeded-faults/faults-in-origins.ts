// Faults in which pages may connect and read: S9 and H9.
import { setsHeaders } from "./altered-answers.ts";
import type { SeededFault } from "./seeded-fault.ts";

export const FAULTS_IN_ORIGINS: readonly SeededFault[] = [
  {
    rule: "S9",
    hub: "accepts sockets of any origin",
    reason: /a close with 4503|foreign_origin|a refusal/,
    fault: { ignores: "origin" },
  },
  {
    rule: "S9",
    hub: "accepts sockets of any origin, and closes them with another code",
    reason: /the close code 4503, got 1008/,
    fault: {
      ignores: "origin",
      socket: (_, close) => {
        close(1008);
        return { down: () => [] };
      },
    },
  },
  {
    rule: "H9",
    hub: "names no origin in its responses",
    reason: /the origin that is named "/,
    fault: setsHeaders({ "Access-Control-Allow-Origin": null }),
  },
  {
    rule: "H9",
    hub: "allows every origin",
    reason: /the origin that is named to a foreign one/,
    fault: setsHeaders({ "Access-Control-Allow-Origin": "*" }),
  },
  {
    rule: "H9",
    hub: "names no origin in refusals",
    reason: /the origin that is named "/,
    fault: setsHeaders({ "Access-Control-Allow-Origin": null }, (_, { status }) => status >= 400),
  },
  {
    rule: "H9",
    hub: "allows the same headers in each preflight",
    reason: /x-conformance to be allowed/,
    fault: setsHeaders(
      { "Access-Control-Allow-Headers": "authorization, content-type, ce-id, traceparent" },
      ({ method }) => method === "OPTIONS",
    ),
  },
  {
    rule: "H9",
    hub: "hides Retry-After from pages",
    reason: /Retry-After to be exposed/,
    fault: setsHeaders({ "Access-Control-Expose-Headers": null }),
  },
  {
    rule: "H9",
    hub: "lets a cache serve a response to pages of other origins",
    reason: /Vary: Origin/,
    fault: setsHeaders({ Vary: null }),
  },
];
