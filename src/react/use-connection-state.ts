// A component that shows whether the hub is heard.
import { useSyncExternalStore } from "react";
import type { ConnectionState, Reactor } from "../client/index.ts";

/** The state of `reactor`, rendered anew when it changes. On a server, where nothing connects, it is `connecting`. */
export function useConnectionState(reactor: Reactor): ConnectionState {
  return useSyncExternalStore(
    reactor.onState,
    () => reactor.state,
    () => "connecting",
  );
}
