// Times as the page shows them: of the reader's own day, all of one width.

/** A text that is no time is shown as it is. */
export function timeOfDay(timestamp: string): string {
  const time = new Date(timestamp);
  return Number.isNaN(time.getTime()) ? timestamp : time.toLocaleTimeString(undefined, { hourCycle: "h23" });
}
