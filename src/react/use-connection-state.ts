// The connection's state as a hook.
import { useSyncExternalStore } from "react";
import type { ConnectionState } from "../client/index.ts";
import type { AnyReactor } from "./any-reactor.ts";

/**
 * The state of a connection, with or without a provider. The component renders again when it changes.
 *
 * @param reactor a connection of `connect` or `createReactor`, which its owner opens and closes
 * @returns its state; `connecting` in server rendering
 * @example
 * ```tsx
 * import { connect } from "pulse-reactor/client";
 * import { useConnectionState } from "pulse-reactor/react";
 *
 * const reactor = connect({ url: "https://events.example.org" });
 *
 * export function Badge() {
 *   return <strong>{useConnectionState(reactor)}</strong>; // → connecting → connected
 * }
 * ```
 */
export function useConnectionState(reactor: AnyReactor): ConnectionState {
  return useSyncExternalStore(
    reactor.onState,
    () => reactor.state,
    () => "connecting",
  );
}
