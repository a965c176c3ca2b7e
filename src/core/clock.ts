// Core has no clock: whoever calls it says what time it is, once for everything that happens in that turn.

export interface ClockTime {
  /** Milliseconds since 1970. */
  readonly ms: number;
  /** The same moment as ISO 8601. */
  readonly iso: string;
}
