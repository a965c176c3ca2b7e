// The state of the provider's connection as a hook.
import { useSyncExternalStore } from "react";
import type { ConnectionState } from "../client/index.ts";
import { useStore } from "./use-store.ts";

/**
 * The state of the connection of the nearest `<ReactorProvider>`: `connecting` also before it is opened, on mount. The component renders again when it changes, and not for events.
 *
 * @returns its state; `connecting` in server rendering
 * @throws Error outside of a `<ReactorProvider>`
 * @example
 * ```tsx
 * import { useReactorState } from "pulse-reactor/react";
 *
 * export function Badge() {
 *   return <strong>{useReactorState()}</strong>; // → connecting → connected
 * }
 * ```
 */
export function useReactorState(): ConnectionState {
  const { reactor, state } = useStore("useReactorState");
  return useSyncExternalStore(reactor.onState, state, () => "connecting");
}
