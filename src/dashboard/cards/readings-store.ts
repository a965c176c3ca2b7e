// The cards' values: the last ones in the log, and then as the events of a visit change them.
import type { ReactorEvent } from "../../client/index.ts";
import { Snapshot } from "../../react/snapshot.ts";
import { parseCursor } from "../../wire/cursor.ts";
import type { Visit } from "../visit/visit.ts";
import { eventsIn } from "./kept-events.ts";
import { NO_READINGS, READING_TYPES, type Readings, readEvent } from "./readings.ts";

/** Enough that a type which comes rarely is among them, beside one that comes often. */
const LAST_EVENTS = 200;

export class ReadingsStore {
  readonly readings = new Snapshot<Readings>(NO_READINGS);
  readonly #visit: Visit;
  /** What came over the connection since it was opened, until the log is read: it is newer than what the log says. */
  #sinceOpening: ReactorEvent[] | null = [];

  constructor(visit: Visit) {
    this.#visit = visit;
    visit.listen({
      event: (event) => this.#take(event),
      reset: () => {
        this.#sinceOpening = null; // what the log says now may be of another time than what is shown
      },
    });
    const unsubscribe = visit.entry.subscribe(() => {
      if (!visit.entry.read().wasIn) return;
      unsubscribe();
      void this.#readLog();
    });
  }

  #take(event: ReactorEvent): void {
    if (!READING_TYPES.has(event.type)) return;
    this.#sinceOpening?.push(event);
    this.readings.update((readings) => readEvent(readings, event));
  }

  async #readLog(): Promise<void> {
    const query = { events: [...READING_TYPES].join(), last: String(LAST_EVENTS) };
    const answer = await this.#visit.ask("/api/events", { query });
    const live = this.#sinceOpening;
    this.#sinceOpening = null;
    if (!answer.ok || !live) return;
    const read = parseCursor(answer.body.cursor);
    const newer = live.filter(({ seq }) => seq === undefined || !read || seq > read.seq);
    const all = [...eventsIn(answer.body.events), ...newer];
    this.readings.update(() => all.reduce(readEvent, NO_READINGS));
  }
}
