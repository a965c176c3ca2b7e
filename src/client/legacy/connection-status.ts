// The legacy `getStatus()`.
import type { ConnectionState } from "../connection/connection-events.ts";

export interface ConnectionStatus {
  readonly connected: boolean;
  /** As `WebSocket.readyState`: 0 connecting, 1 open, 3 closed. */
  readonly readyState: number;
  /** Reconnect attempts since it was last connected. */
  readonly reconnectAttempts: number;
  readonly url: string;
}

const READY_STATES: Record<ConnectionState, number> = { connecting: 0, connected: 1, reconnecting: 3, closed: 3 };

export function connectionStatus(state: ConnectionState, reconnectAttempts: number, url: string): ConnectionStatus {
  return { connected: state === "connected", readyState: READY_STATES[state], reconnectAttempts, url };
}
