// The part of the log that fits one frame, and who hears what of it.
import { MAX_FRAME_BYTES, PROGRESS_EVERY_EVENTS } from "../../wire/limits.ts";
import { EVENTS_FRAME_BYTES } from "../../wire/server-frame.ts";
import type { LoggedEvent } from "../log/logged-event.ts";
import type { RecentEvents } from "../log/recent-events.ts";
import { eventsOf } from "../log/slice.ts";
import type { Socket } from "./socket.ts";
import type { SubscriberGroups, Subscription } from "./subscriber-groups.ts";

/** How many events a batch takes at most; a quiet group that is so far behind is sent its progress, and never gets to 1,000. */
export const BATCH_EVENTS = PROGRESS_EVERY_EVENTS / 2;

/** So many pairs of a subscription and a type that it hears are kept, some 5 MB: a batch that has more ends sooner. */
const MAX_HEARD = 100_000;

/** Where a batch ends: the bytes of a frame with its events, and how many they are. */
interface Size {
  readonly bytes: number;
  readonly events: number;
}

const EMPTY: Size = { bytes: EVENTS_FRAME_BYTES, events: 0 };

/** The events of (`after`, `until`] that fit one frame. One that is larger than a frame goes alone. */
export function batchOf(recentEvents: RecentEvents, after: number, until: number): LoggedEvent[] {
  return fitting(recentEvents, after, until, EMPTY).events;
}

/** The events of (`after`, `until`] that fit one frame of which `size` is taken. */
function fitting(
  recentEvents: RecentEvents,
  after: number,
  until: number,
  size: Size,
): { readonly events: LoggedEvent[]; readonly bytes: number; readonly isFull: boolean } {
  const events: LoggedEvent[] = [];
  let { bytes } = size;
  for (const event of eventsOf(recentEvents.read(after, null))) {
    if (event.seq > until) break;
    const count = size.events + events.length;
    const isFull = bytes + event.bytes + 1 > MAX_FRAME_BYTES || count === BATCH_EVENTS;
    if (isFull && count > 0) return { events, bytes, isFull };
    bytes += event.bytes + 1;
    events.push(event);
  }
  return { events, bytes, isFull: false };
}

/** A batch on its way to all groups. Those that hear nothing of it are never touched. */
export class FrameBatch<S extends Socket> {
  readonly #recentEvents: RecentEvents;
  #roundTo: number;
  #to: number;
  #events: readonly LoggedEvent[] = [];
  #bytes = EVENTS_FRAME_BYTES;
  #isFull = false;
  readonly #byType = new Map<string, LoggedEvent[]>();
  /** The types whose subscriptions are still to be found, in the order of their first events. */
  readonly #unknown = new Set<string>();
  /** The types that each subscription hears which is still to be served. */
  readonly #heard = new Map<Subscription<S>, string[]>();
  /** They hear of newer events with the next batch, which begins where the turn of their groups ended. */
  readonly #served = new Set<Subscription<S>>();
  #pairs = 0;

  /** @param after every group was sent all that it hears up to here */
  constructor(recentEvents: RecentEvents, after: number) {
    this.#recentEvents = recentEvents;
    this.#to = after;
    this.extend();
    this.#roundTo = this.#to;
  }

  /** The position of a group that is sent what it hears of these events. Events that were left to the next batch are behind it. */
  get to(): number {
    return this.#to;
  }

  /** Groups that got so far were sent some of these events, and get the rest with the next batch: their turn is over. */
  get roundTo(): number {
    return this.#roundTo;
  }

  /** Of a frame with all of these events, at most. */
  get bytes(): number {
    return this.#isFull ? MAX_FRAME_BYTES : this.#bytes;
  }

  /** Those that hear something, once all were found, and were not served. */
  get subscriptions(): Iterable<Subscription<S>> {
    return this.#heard.keys();
  }

  /**
   * Takes up what was appended meanwhile, as far as it fits the frame: for those that are still to be served. Not before all were
   * found that hear what is in it: new types that take long must not hold it back.
   */
  extend(): void {
    const { seq: head } = this.#recentEvents.cursor;
    const isDue = !this.#isFull && this.#unknown.size === 0 && this.#to < head;
    if (!isDue || !this.#recentEvents.covers(this.#to)) return;
    const size = { bytes: this.#bytes, events: this.#events.length };
    const { events, bytes, isFull } = fitting(this.#recentEvents, this.#to, head, size);
    this.#isFull = isFull;
    this.#bytes = bytes;
    this.#to = isFull ? (events.at(-1)?.seq ?? this.#to) : head;
    this.#events = this.#events.length === 0 ? events : [...this.#events, ...events];
    for (const event of events) {
      const those = this.#byType.get(event.type);
      if (those) those.push(event);
      else {
        this.#byType.set(event.type, [event]);
        this.#unknown.add(event.type);
      }
    }
  }

  /**
   * Finds the subscriptions that hear something. @param budget how many matches may be tried
   *
   * @returns whether all were found, else the next turn has to go on; and what is left of the budget
   */
  find(groups: SubscriberGroups<S>, budget: number): { readonly isDone: boolean; readonly left: number } {
    let left = budget;
    for (const type of this.#unknown) {
      if (this.#byType.get(type)?.length === 0) {
        this.#unknown.delete(type); // all of them were taken out
        this.#byType.delete(type);
        continue;
      }
      if (this.#pairs >= MAX_HEARD) {
        this.#endBeforeUnknown();
        break;
      }
      const result = groups.matches.find(type, left);
      if (result.found === undefined) return { isDone: false, left: 0 };
      left = result.left;
      for (const subscription of result.found) this.#note(subscription, type);
      this.#pairs += result.found.size;
      this.#unknown.delete(type);
    }
    return { isDone: true, left };
  }

  /** The events that a subscription hears, ascending. */
  eventsFor(subscription: Subscription<S>): readonly LoggedEvent[] {
    const types = this.#heard.get(subscription) ?? [];
    if (types.length === this.#byType.size) return this.#events;
    const [only] = types;
    if (types.length === 1 && only !== undefined) return this.#byType.get(only) ?? [];
    const events = types.flatMap((type) => this.#byType.get(type) ?? []);
    return events.sort((a, b) => a.seq - b.seq);
  }

  /** All groups of a subscription got as far as `roundTo`. */
  served(subscription: Subscription<S>): void {
    this.#heard.delete(subscription);
    this.#served.add(subscription);
  }

  /** Takes an event out, for who was not sent it yet. */
  remove(seq: number): void {
    this.#keep((event) => event.seq !== seq);
  }

  #note(subscription: Subscription<S>, type: string): void {
    if (this.#served.has(subscription)) return;
    const types = this.#heard.get(subscription);
    if (types) types.push(type);
    else this.#heard.set(subscription, [type]);
  }

  /** Leaves what comes from the first event on of which is not known who hears it to the next batch. */
  #endBeforeUnknown(): void {
    const first = this.#events.find(({ type }) => this.#unknown.has(type))?.seq ?? 0;
    this.#to = first - 1;
    this.#roundTo = Math.min(this.#roundTo, this.#to);
    this.#isFull = true;
    for (const unknown of this.#unknown) this.#byType.delete(unknown);
    this.#unknown.clear();
    this.#keep(({ seq }) => seq < first);
  }

  #keep(isKept: (event: LoggedEvent) => boolean): void {
    this.#events = this.#events.filter(isKept);
    for (const [type, events] of this.#byType) this.#byType.set(type, events.filter(isKept));
  }
}
