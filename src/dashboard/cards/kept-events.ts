// The events of a page of the log.
import { asObject } from "../../wire/json.ts";
import type { ReadingEvent } from "./readings.ts";

/** @param events as the hub answered: what is no event is left out */
export function eventsIn(events: unknown): readonly ReadingEvent[] {
  const objects = Array.isArray(events) ? events.map(asObject) : [];
  return objects.filter(
    (each) => typeof each?.type === "string" && typeof each.timestamp === "string",
  ) as unknown[] as ReadingEvent[];
}
