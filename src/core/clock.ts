// Core has no clock: the caller passes the time, once per turn.

export interface ClockTime {
  /** Unix time in ms. */
  readonly ms: number;
  /** The same time in ISO 8601. */
  readonly iso: string;
}
