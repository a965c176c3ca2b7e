// The connection's state as a hook.
import { useSyncExternalStore } from "react";
import type { ConnectionState, Reactor } from "../client/index.ts";

/** @returns the state of `reactor`; the component renders again when it changes. `connecting` in server rendering */
export function useConnectionState(reactor: Reactor): ConnectionState {
  return useSyncExternalStore(
    reactor.onState,
    () => reactor.state,
    () => "connecting",
  );
}
