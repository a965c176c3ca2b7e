// The package's entry `pulse-reactor/wire`: for those who write a client in another environment, a proxy or a tool.
export { encodeAck, encodeAuth, encodeEmit, encodeSubscribe, type OwnEvent } from "./client-frame.ts";
export { reconnectsAfter } from "./close-code.ts";
export { type Cursor, formatCursor, ORIGIN, parseCursor } from "./cursor.ts";
export type { Json, ReactorEvent } from "./event.ts";
export { PROBLEMS, type ProblemCode } from "./problem.ts";
export { type Applied, applyRange } from "./range.ts";
export {
  DEFLATE_SUBPROTOCOL,
  decodeServerFrame,
  type Emitted,
  type ErrorData,
  EVENTS_SUBPROTOCOL,
  type EventsFrame,
  type Parse,
  type RemovedEvent,
  type Reset,
  type Retry,
  type ServerFrame,
  SUBPROTOCOL,
  type Subscribed,
  TOKEN_SUBPROTOCOL,
  type Welcome,
} from "./server-frame.ts";
export { matchesType } from "./type-match.ts";
