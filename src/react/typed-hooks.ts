// The hooks, for a map of events.
import type { EventOf, Pattern } from "../client/index.ts";
import type { ReactorView } from "./reactor-store.ts";
import { useReactor } from "./use-reactor.ts";
import { useReactorEvent } from "./use-reactor-event.ts";
import { type KeepEvents, useReactorEvents, useReactorLatest } from "./use-reactor-events.ts";

/**
 * The hooks of this package that bring events, typed by a map of events.
 *
 * @example
 * ```tsx
 * import { type TypedHooks, typedHooks } from "pulse-reactor/react";
 *
 * interface Events {
 *   news_processed: { title: string };
 * }
 * const hooks: TypedHooks<Events> = typedHooks();
 *
 * export function Latest() {
 *   return <p>{hooks.useReactorLatest("news_*")?.data.title}</p>; // → Hello
 * }
 * ```
 */
export interface TypedHooks<Events extends object> {
  /** As the one that this package exports. */
  readonly useReactor: () => ReactorView<Events>;
  /** As the one that this package exports. */
  readonly useReactorEvent: <P extends Pattern<Events>>(
    pattern: P,
    listener: (event: EventOf<Events, P>) => void,
  ) => void;
  /** As the one that this package exports. */
  readonly useReactorEvents: <P extends Pattern<Events>>(
    pattern: P,
    options?: KeepEvents,
  ) => readonly EventOf<Events, P>[];
  /** As the one that this package exports. */
  readonly useReactorLatest: <P extends Pattern<Events>>(pattern: P) => EventOf<Events, P> | undefined;
}

/**
 * The hooks that bring events, for which the compiler knows the types of events and their data: once in a project, in a file that exports them.
 *
 * @typeParam Events as of `connect`
 * @example
 * ```tsx
 * import { typedHooks } from "pulse-reactor/react";
 *
 * interface Events {
 *   news_processed: { title: string };
 * }
 * const { useReactorEvents } = typedHooks<Events>();
 *
 * export function Titles() {
 *   return <p>{useReactorEvents("news_processed").map(({ data }) => data.title)}</p>; // → Hello
 * }
 * ```
 */
export function typedHooks<Events extends object>(): TypedHooks<Events> {
  return { useReactor, useReactorEvent, useReactorEvents, useReactorLatest } as unknown as TypedHooks<Events>;
}
