// The package's entry `pulse-reactor/client`.
export type { Json, ReactorEvent } from "../wire/event.ts";
export type { ErrorData, Reset } from "../wire/server-frame.ts";
export { connect, createReactor } from "./connect.ts";
export type { ConnectOptions } from "./connect-options.ts";
export type { ConnectionState } from "./connection/connection-events.ts";
export type { ClientSocket, Close } from "./connection/ports.ts";
export type { TokenSource } from "./credential.ts";
export { type DebugOptions, debug } from "./debug.ts";
export { type EventsOptions, events } from "./event-iterator.ts";
export type { AnyEvents, EventOf, EventType, Pattern } from "./event-map.ts";
export { type KeepOptions, keepCursor } from "./keep-cursor.ts";
export type { ListenOptions } from "./listener-set.ts";
export type { EmitError, EmitOptions, EmitReceipt } from "./outbox.ts";
export type { Reactor } from "./reactor.ts";
export { type Replaying, type ReplayOptions, replay } from "./replay.ts";
export { share } from "./share.ts";
export { type Schema, type SchemaEvents, withSchemas } from "./with-schemas.ts";
