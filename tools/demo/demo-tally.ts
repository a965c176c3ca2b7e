// What a run of `npm run demo` has sent so far, and the results.
import type { DemoEvent } from "./demo-events.ts";
import type { EmitReply } from "./post-events.ts";

export class Tally {
  cursor = "";
  duplicates = 0;
  retries = 0;
  sent = 0;
  readonly #byType = new Map<string, number>();
  readonly #began = performance.now();

  add(events: readonly DemoEvent[], { cursor, events: stored }: EmitReply): void {
    this.cursor = cursor;
    this.sent += events.length;
    this.duplicates += stored.filter(({ duplicate }) => duplicate).length;
    for (const { type } of events) this.#byType.set(type, (this.#byType.get(type) ?? 0) + 1);
  }

  get perSecond(): number {
    return this.sent / ((performance.now() - this.#began) / 1000);
  }

  toString(): string {
    const seconds = ((performance.now() - this.#began) / 1000).toFixed(1);
    const types = [...this.#byType].map(([type, n]) => `  ${type.padEnd(24)}${n.toLocaleString("en").padStart(6)}`);
    const first = `Sent ${this.sent.toLocaleString("en")} events in ${seconds} s: ${Math.round(this.perSecond)} per second.`;
    const last = `  ${this.duplicates} were duplicates, ${this.retries} requests were retried.`;
    return [first, ...types, last, `  The channel's cursor is ${this.cursor || "unknown"}.`].join("\n");
  }
}
