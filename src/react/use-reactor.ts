// The provider's connection as a hook.
import { useEffect, useMemo } from "react";
import type { ReactorView } from "./reactor-store.ts";
import { useSnapshot } from "./snapshot.ts";
import { useStore } from "./use-store.ts";

/**
 * The connection of the nearest `<ReactorProvider>`: its state, its last 50 events and its last failure. The component
 * renders again when they change, at most once for each frame that the screen shows. `emit`, `send`, `subscribe` and `getStatus` keep
 * their identity.
 *
 * @throws Error outside of a `<ReactorProvider>`
 * @example
 * ```tsx
 * import { useReactor } from "pulse-reactor/react";
 *
 * export function Feed() {
 *   const { connected, events, error } = useReactor();
 *   return (
 *     <section aria-busy={!connected}>
 *       {error && <p role="alert">{error.message}</p>}
 *       <ol>
 *         {events.map((event) => (
 *           <li key={event.id}>{event.type}</li>
 *         ))}
 *       </ol>
 *     </section>
 *   ); // → news_processed
 * }
 * ```
 */
export function useReactor(): ReactorView {
  const store = useStore("useReactor");
  const claim = useMemo(() => store.newClaim(), [store]);
  useEffect(() => store.hold(claim), [store, claim]);
  const view = useSnapshot(store.view);
  return useMemo(() => ({ ...view, subscribe: claim.subscribe }), [view, claim]);
}
