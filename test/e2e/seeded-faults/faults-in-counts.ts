// Faults in what is counted: H25, H26.
import type { Fault } from "../faulty-hub.ts";
import { KEY } from "./altered-credentials.ts";
import type { SeededFault } from "./seeded-fault.ts";

// biome-ignore lint/suspicious/noExplicitAny: JSON, as it came
type Json = any;

/** Says other things of each object. */
const says = (change: (object: Json) => object): Fault => ({
  reply(text, { path }) {
    const answer = path === "/api/connections" ? JSON.parse(text) : {};
    if (!Array.isArray(answer.objects)) return text;
    return JSON.stringify({
      ...answer,
      objects: answer.objects.map((object: Json) => ({ ...object, ...change(object) })),
    });
  },
});

export const FAULTS_IN_COUNTS: readonly SeededFault[] = [
  {
    rule: "H25",
    hub: "tells anonymous clients of its connections",
    reason: /status/,
    fault: { credential: (presented, { path }) => (path === "/api/connections" ? KEY : presented) },
  },
  {
    rule: "H25",
    hub: "counts legacy sockets as those of v1",
    reason: /live legacy sockets/,
    fault: says(({ connections }) => ({
      connections: connections.map((kind: Json) => ({ ...kind, dialect: "v1" })).slice(0, 1),
    })),
  },
  {
    rule: "H25",
    hub: "names no slow socket",
    reason: /what is said of a socket/,
    fault: says(() => ({ slowest: [] })),
  },
  {
    rule: "H26",
    hub: "counts the event that no socket was sent",
    reason: /deliveries/,
    fault: says(({ deliveries_total }) => ({ deliveries_total: deliveries_total + 1 })),
  },
  {
    rule: "H26",
    hub: "counts a socket with a cursor ahead as a replay",
    reason: /replays/,
    fault: says(({ resets_total, replays_total }) => ({ replays_total: replays_total + (resets_total.ahead ?? 0) })),
  },
];
