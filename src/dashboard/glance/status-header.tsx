// The page's head: the state of the connection.
import type { ReactNode } from "react";
import type { ConnectionState } from "../../client/index.ts";
import { useConnectionState, useReactor } from "../../react/index.ts";
import { useSnapshot } from "../../react/snapshot.ts";
import { useVisit } from "../visit/visit-context.ts";

const WORDS: Record<ConnectionState, string> = {
  connecting: "Connecting…",
  connected: "Live",
  reconnecting: "Connection lost, reconnecting…",
  closed: "Closed by the hub",
};

/** @param children what stands beside the state */
export function StatusHeader({ children }: { children: ReactNode }) {
  const { reactor, ask } = useSnapshot(useVisit().entry);
  const state = useConnectionState(reactor);
  const { error } = useReactor();
  return (
    <header>
      <h1>Reactor</h1>
      {children}
      <p className={`state ${state}`} role="status" data-reactor="connection-status" data-state={state}>
        {state === "closed" && ask ? "Waiting for a key or token" : WORDS[state]}
      </p>
      {error && !ask && <p className="error">{error.message}</p>}
    </header>
  );
}
