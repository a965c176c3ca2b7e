// Times in the visitor's time zone, all of one width.

/** An invalid time is shown unchanged. */
export function timeOfDay(timestamp: string): string {
  const time = new Date(timestamp);
  return Number.isNaN(time.getTime()) ? timestamp : time.toLocaleTimeString(undefined, { hourCycle: "h23" });
}
