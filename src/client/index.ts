// The package's entry `pulse-reactor/client`.
export type { Json, ReactorEvent } from "../wire/event.ts";
export type { ErrorData, Reset } from "../wire/server-frame.ts";
export { type ConnectOptions, connect, createReactor, type Reactor } from "./connect.ts";
export type { ConnectionState } from "./connection-events.ts";
