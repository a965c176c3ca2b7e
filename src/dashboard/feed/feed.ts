// The number of received events, and the newest of them.
import type { ReactorEvent } from "../../client/index.ts";

/** As many rows as a person scrolls through; bounds the memory of a page that is open for weeks. */
export const SHOWN = 100;

/** An event, and its number in the order of arrival, from 1. */
export interface Arrival {
  readonly nth: number;
  readonly event: ReactorEvent;
}

export interface Feed {
  readonly received: number;
  /** Newest first. */
  readonly newest: readonly Arrival[];
}

export const EMPTY_FEED: Feed = { received: 0, newest: [] };

export function addEvent({ received, newest }: Feed, event: ReactorEvent): Feed {
  const nth = received + 1;
  return { received: nth, newest: [{ nth, event }, ...newest.slice(0, SHOWN - 1)] };
}
