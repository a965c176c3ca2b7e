// What the page remembers of the stream: how many events came, and the newest of them.
import type { Reactor, ReactorEvent } from "../client/index.ts";

/** As many rows as a person scrolls through; a page open for weeks holds no more. */
const SHOWN = 100;

/** An event, and as the how-manieth it came. */
export interface Arrival {
  readonly nth: number;
  readonly event: ReactorEvent;
}

export interface FeedSnapshot {
  readonly received: number;
  /** Newest first. */
  readonly newest: readonly Arrival[];
}

/** A store for `useSyncExternalStore`. */
export interface Feed {
  subscribe(onChange: () => void): () => void;
  snapshot(): FeedSnapshot;
}

export function feedOf(reactor: Reactor): Feed {
  const changed = new Set<() => void>();
  let snapshot: FeedSnapshot = { received: 0, newest: [] };
  reactor.on("*", (event) => {
    const nth = snapshot.received + 1;
    snapshot = { received: nth, newest: [{ nth, event }, ...snapshot.newest.slice(0, SHOWN - 1)] };
    for (const call of changed) call();
  });
  return {
    subscribe(onChange) {
      changed.add(onChange);
      return () => changed.delete(onChange);
    },
    snapshot: () => snapshot,
  };
}
