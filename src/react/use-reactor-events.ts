// The last events that match a pattern, as hooks.
import { useMemo, useState } from "react";
import type { AnyEvents, EventOf, Pattern } from "../client/index.ts";
import type { ReactorStore } from "./reactor-store.ts";
import { Snapshot, useSnapshot } from "./snapshot.ts";
import { useReactorEvent } from "./use-reactor-event.ts";
import { useStore } from "./use-store.ts";

/**
 * Options of `useReactorEvents`.
 *
 * @example
 * ```tsx
 * import { type KeepEvents, useReactorEvents } from "pulse-reactor/react";
 *
 * const few: KeepEvents = { keep: 3 };
 *
 * export function News() {
 *   return <p>{useReactorEvents("news_*", few).length} news</p>; // → 0 news → 1 news
 * }
 * ```
 */
export interface KeepEvents {
  /** How many, at least 1. Default: 50. */
  readonly keep?: number | undefined;
}

/**
 * The last events that match `pattern` since the component was mounted, newest last. The component renders again when there are more, at
 * most once for each frame that the screen shows, however many they are. Another pattern begins with none.
 *
 * @param pattern as of `Reactor.on`
 * @returns a list that is never mutated, and is the same until the next render
 * @throws Error outside of a `<ReactorProvider>`; TypeError if `pattern` is none
 * @example
 * ```tsx
 * import { useReactorEvents } from "pulse-reactor/react";
 *
 * export function News() {
 *   const news = useReactorEvents("news_*", { keep: 20 });
 *   return (
 *     <ol>
 *       {news.map((event) => (
 *         <li key={event.id}>{event.type}</li>
 *       ))}
 *     </ol>
 *   ); // → news_processed
 * }
 * ```
 */
export function useReactorEvents<P extends Pattern<AnyEvents>>(
  pattern: P,
  { keep = 50 }: KeepEvents = {},
): readonly EventOf<AnyEvents, P>[] {
  const store = useStore("useReactorEvents");
  if (!(keep >= 1)) throw new TypeError(`\`keep\` must be a number of at least 1; this is ${keep}.`);
  const list = useListOf<EventOf<AnyEvents, P>>(store, pattern);
  useReactorEvent(pattern, (event) => list.add(event, keep));
  const kept = useSnapshot(list.kept);
  return useMemo(() => (kept.length > keep ? kept.slice(-keep) : kept), [kept, keep]); // fewer may be wanted now
}

/**
 * The last event that matches `pattern` since the component was mounted; `undefined`: there was none.
 *
 * @param pattern as of `Reactor.on`
 * @throws Error outside of a `<ReactorProvider>`; TypeError if `pattern` is none
 * @example
 * ```tsx
 * import { useReactorLatest } from "pulse-reactor/react";
 *
 * export function Latest() {
 *   const latest = useReactorLatest("news_processed");
 *   return <p>{latest ? JSON.stringify(latest.data) : "No news"}</p>; // → No news → {"title":"Hello"}
 * }
 * ```
 */
export function useReactorLatest<P extends Pattern<AnyEvents>>(pattern: P): EventOf<AnyEvents, P> | undefined {
  return useReactorEvents(pattern, { keep: 1 })[0];
}

/** Events that come between two renders are added to the list together: adding them one by one would copy it for each. */
class EventList<Event> {
  readonly kept = new Snapshot<readonly Event[]>([]);
  #fresh: Event[] = [];

  add(event: Event, keep: number): void {
    if (this.#fresh.push(event) > 1) return;
    this.kept.update((kept) => {
      const all = [...kept, ...this.#fresh];
      this.#fresh = [];
      return all.slice(-keep);
    });
  }
}

function useListOf<Event>(store: ReactorStore, pattern: string): EventList<Event> {
  const [held, hold] = useState(() => ({ store, pattern, list: new EventList<Event>() }));
  if (held.store === store && held.pattern === pattern) return held.list;
  const list = new EventList<Event>();
  hold({ store, pattern, list });
  return list;
}
