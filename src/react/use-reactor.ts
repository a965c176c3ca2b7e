// The provider's connection as a hook.
import { useContext, useEffect, useMemo } from "react";
import { ReactorContext } from "./reactor-provider.tsx";
import type { ReactorView } from "./reactor-store.ts";
import { useSnapshot } from "./snapshot.ts";

/**
 * The connection of the nearest `<ReactorProvider>`: its state, its last 50 events and its last failure. The component
 * renders again when they change, at most once per frame of the stream. `emit`, `send`, `subscribe` and `getStatus` keep
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
  const store = useContext(ReactorContext);
  if (!store) throw new Error("useReactor needs a <ReactorProvider> around the component that calls it.");
  const claim = useMemo(() => store.newClaim(), [store]);
  useEffect(() => store.hold(claim), [store, claim]);
  const view = useSnapshot(store.view);
  return useMemo(() => ({ ...view, subscribe: claim.subscribe }), [view, claim]);
}
