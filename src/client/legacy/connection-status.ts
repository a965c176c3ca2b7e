// The legacy `getStatus()`.
import type { ConnectionState } from "../connection/connection-events.ts";

/** The state of a connection, in the form of `window.reactor.getStatus()`. */
export interface ConnectionStatus {
  /** Whether events arrive. */
  readonly connected: boolean;
  /** As `WebSocket.readyState`: 0 connecting, 1 open, 3 closed. */
  readonly readyState: number;
  /** Reconnect attempts since it was last connected. */
  readonly reconnectAttempts: number;
  /** URL of the event stream. */
  readonly url: string;
}

const READY_STATES: Record<ConnectionState, number> = { connecting: 0, connected: 1, reconnecting: 3, closed: 3 };

export function connectionStatus(state: ConnectionState, reconnectAttempts: number, url: string): ConnectionStatus {
  return { connected: state === "connected", readyState: READY_STATES[state], reconnectAttempts, url };
}
