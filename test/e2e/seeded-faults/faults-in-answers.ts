// Faults in how an upgrade, health and refusals are answered: S12, O1, H21, H22.
import { changed, closingWith, onSocket } from "./altered-messages.ts";
import type { SeededFault } from "./seeded-fault.ts";

/** Changes the JSON at `path`. */
const at = (path: string, change: (text: string) => string) => ({
  reply: (text: string, presentation: { readonly path: string }) => (presentation.path === path ? change(text) : text),
});

export const FAULTS_IN_ANSWERS: readonly SeededFault[] = [
  {
    rule: "S12",
    hub: "refuses a socket by a status, which a browser cannot see",
    reason: /a socket with .*: expected a socket to open/,
    fault: { refuses: (_, { query, dialect }) => (dialect === "v1" && query.has("chanel") ? 400 : undefined) },
  },
  {
    rule: "S12",
    hub: "lets a socket with an invalid query come back",
    reason: /the close code/,
    fault: closingWith(4500, 4400),
  },
  {
    rule: "O1",
    hub: "writes the time of the welcome as text",
    reason: /seconds since 1970/,
    fault: onSocket(() => ({
      down: changed((frame) => [{ ...frame, data: { ...frame.data, timestamp: "2026-11-21T12:00:00Z" } }]),
    })),
  },
  {
    rule: "O1",
    hub: "does not say how often to ping",
    reason: /how often to ping/,
    fault: onSocket(() => ({
      down: changed((frame) => [{ ...frame, data: { ...frame.data, heartbeat_ms: undefined } }]),
    })),
  },
  {
    rule: "H21",
    hub: "answers 503 while it is healthy",
    reason: /the status of \/ws\/health/,
    fault: { answer: (_, { path }) => (path === "/ws/health" ? { status: 503 } : {}) },
  },
  {
    rule: "H21",
    hub: "tells old counts as if they were new",
    reason: /the old answer with its time/,
    fault: at("/ws/health", (text) => text.replace(/"timestamp":[\d.]+/, `"timestamp":${Date.now() / 1_000}`)),
  },
  {
    rule: "H21",
    hub: "tells nothing of a hub at /health",
    reason: /what \/health knows of a hub/,
    fault: at("/health", () => '{"status":"healthy"}'),
  },
  {
    rule: "H22",
    hub: "has no types of problems",
    reason: /the type/,
    fault: at("/api/events", (text) => text.replace(/"type":"[^"]*"/, '"type":"about:blank"')),
  },
  {
    rule: "H22",
    hub: "has no page of problems",
    reason: /the status of \/errors/,
    fault: { answer: (_, { path }) => (path === "/errors" ? { status: 404 } : {}) },
  },
];
