// An event in the log, and on its way into it.

/** One event with its seq, as it is stored, sent and replayed. */
export interface LoggedEvent {
  readonly seq: number;
  readonly type: string;
  /** The whole event as JSON text (`wire/event`), serialised once. */
  readonly event: string;
  /** Of `event` in UTF-8, counted once. */
  readonly bytes: number;
}

/** One event on its way into the log. */
export interface AppendedEvent extends LoggedEvent {
  /** The key by which a retry of it is found (`log/fingerprint`); `null` if it cannot be retried. */
  readonly key: string | null;
}
