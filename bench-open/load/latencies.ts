// Latencies as a histogram with buckets 1 % wide: millions of samples take 16 KiB, and histograms can be added.

const GROWTH = Math.log(1.01);
/** Up to 1.01 ** 2048 µs, about 700 s. */
const BUCKETS = 2_048;

export class Latencies {
  readonly counts: Uint32Array<ArrayBufferLike>;

  /** @param counts of another histogram, as sent between threads */
  constructor(counts: Uint32Array<ArrayBufferLike> = new Uint32Array(BUCKETS)) {
    this.counts = counts;
  }

  add(us: number): void {
    const bucket = us <= 1 ? 0 : Math.min(Math.floor(Math.log(us) / GROWTH), BUCKETS - 1);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
  }

  addAll(other: Latencies): void {
    for (const [bucket, count] of other.counts.entries()) this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
  }

  get count(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** @param share 0.5 for the median @returns milliseconds, within 1 %; NaN without samples */
  percentileMs(share: number): number {
    const { count } = this;
    let left = Math.max(1, Math.ceil(count * share));
    if (count === 0) return Number.NaN;
    for (const [bucket, inBucket] of this.counts.entries()) {
      left -= inBucket;
      if (left <= 0) return Math.exp((bucket + 0.5) * GROWTH) / 1e3;
    }
    return Number.NaN;
  }
}
