// An event as JSON text: it is serialised once, and sent and replayed as it is.

export interface EventText {
  readonly type: string;
  /** JSON text (`wire/event`). */
  readonly event: string;
}
