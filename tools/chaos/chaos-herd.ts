// The herd of chaos: subscribers that replay the whole log at once, leave at its head, and come again.
import { setTimeout as sleep } from "node:timers/promises";
import type { SubscriberRecord } from "./chaos-check.ts";
import { type SharedEvents, Subscriber } from "./chaos-subscriber.ts";

const POLL_MS = 50;
const ALL: readonly string[] = [];

export interface Herds {
  /** What each visit received. */
  readonly records: SubscriberRecord[];
  count: number;
  /** Visits that came to the head: whole replays. */
  whole: number;
  resets: number;
}

/** @param head how many events the log has by now @param over ends the herd */
export async function runHerd(
  readers: number,
  url: string,
  shared: SharedEvents,
  herds: Herds,
  head: () => number,
  over: AbortSignal,
): Promise<void> {
  const herd = ++herds.count;
  const read = async (number: number) => {
    for (let visit = 1; !over.aborted; visit++) {
      const name = `reader ${number} of herd ${herd}, visit ${visit}`;
      const reader = new Subscriber(name, url, ALL, shared);
      const until = head();
      while (reader.received.length < until && !over.aborted) await sleep(POLL_MS);
      reader.close();
      if (reader.received.length >= until) herds.whole++;
      herds.resets += reader.resets;
      herds.records.push({ name, patterns: ALL, received: reader.received, leftEarly: true });
    }
  };
  await Promise.all(Array.from({ length: readers }, (_, number) => read(number)));
}
