// Where a page of the log is read over HTTP, beside the stream of the same hub, and after which answers it is asked for again.

/** Answers after which the same question may be answered: a fresh token comes, or the hub is busy. */
const PASSING = [401, 408, 429];

/** Whether the same request may succeed later. @param status of a refusal */
export function mayPass(status: number): boolean {
  return status >= 500 || PASSING.includes(status);
}

/**
 * @param stream URL of the stream, with its channel
 * @param start `after=<cursor>` or `last=<count>`
 * @param patterns none: all types
 */
export function logPageUrl(stream: string, start: string, patterns: readonly string[]): string {
  const filter = patterns.length > 0 ? `&events=${encodeURIComponent(patterns.join())}` : "";
  return stream.replace(/^ws(.*)\/ws\/stream(\?.*)?$/, (_, hub, query = "?") =>
    `http${hub}/api/events${query}&${start}${filter}`.replace("?&", "?"),
  );
}
