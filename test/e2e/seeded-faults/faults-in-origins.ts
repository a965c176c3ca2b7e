// Faults in which pages may connect and read: S9 and H9.
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
    reason: /the origin that is named|the status of a preflight|allowed/,
    fault: {},
  },
];
