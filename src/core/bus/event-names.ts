// The event names that PulseAI's backends and pages know. Any other may be emitted too.
import type { Json } from "../../wire/event.ts";

export const REACTOR_EVENTS = {
  AI_METRICS_UPDATED: "ai_metrics_updated",
  AI_PREDICTION_COMPLETED: "ai_prediction_completed",
  AI_MODEL_TRAINED: "ai_model_trained",
  NEWS_PROCESSED: "news_processed",
  NEWS_REJECTED: "news_rejected",
  NEWS_ACCEPTED: "news_accepted",
  DIGEST_CREATED: "digest_created",
  DIGEST_PUBLISHED: "digest_published",
  EVENT_DETECTED: "event_detected",
  EVENT_FORECAST: "event_forecast",
  USER_ACTION: "user_action",
  USER_FEEDBACK: "user_feedback",
  SYSTEM_HEALTH_CHECK: "system_health_check",
  REACTOR_HEARTBEAT: "reactor_heartbeat",
  WEBSOCKET_CONNECTED: "websocket_connected",
  WEBSOCKET_DISCONNECTED: "websocket_disconnected",
} as const;

/** The data of a heartbeat. */
export type Heartbeat = { readonly connected_clients: number; readonly events_emitted: number };

/** Which client connected or disconnected, and how many are connected now. */
export type Connection = { readonly client_id: string; readonly connected_clients: number };

/** The data of each name. The hub's own are certain; publishers may send any JSON. */
export type ReactorEvents = {
  readonly [name in (typeof REACTOR_EVENTS)[keyof typeof REACTOR_EVENTS]]: Json;
} & {
  readonly reactor_heartbeat: Heartbeat;
  readonly websocket_connected: Connection;
  readonly websocket_disconnected: Connection;
};
