// One clock for all threads and processes of a bench: the machine's monotonic one.

/** Microseconds since some moment before the bench began. */
export function nowUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1e3;
}
