// Events that are not logged: they say what is so now, and nobody misses them later.
import type { Moment } from "./moment.ts";
import type { Carried } from "./reactor.ts";

/** @param name tells it from others of its type and moment */
export function ephemeral(type: string, data: object, name: string, at: Moment): Carried {
  const event = { type, data, source: "system", timestamp: at.iso, id: `${type}.${name}` };
  return { type, event: JSON.stringify(event) };
}
