// The hub's mind: an event is stamped, appended and only then told. Third step of an event's way.
import { type Cursor, formatCursor } from "../wire/cursor.ts";
import type { Draft } from "../wire/draft.ts";
import type { Reader } from "./audience.ts";
import { readHistory } from "./history.ts";
import type { EventLog } from "./log.ts";
import type { Interest } from "./match.ts";
import type { Moment } from "./moment.ts";
import { Readers } from "./readers.ts";
import type { Socket } from "./socket.ts";
import { stamp } from "./stamp.ts";

/** What a publisher is told of its events, in their order; `cursor` is that of the highest seq. */
export interface Receipt {
  readonly cursor: string;
  readonly events: readonly { readonly id: string; readonly seq: number; readonly duplicate: boolean }[];
}

export class Broker<S extends Socket> {
  readonly readers: Readers<S>;
  readonly #log: EventLog;

  /**
   * @param log the channel's log, whose word on what has happened is the only one: all else here can be made again
   * @param keep as `Readers` has it
   */
  constructor(log: EventLog, keep: (socket: S, reader: Reader) => void) {
    this.#log = log;
    this.readers = new Readers(log, keep);
  }

  /**
   * Appends, then tells: nothing moves and nobody sees anything unless the log took all of `drafts`.
   *
   * @param drafts at least one
   * @param freshEpoch used if these are the log's first events
   * @throws what the log throws; then nothing was stored
   */
  emit(drafts: readonly Draft[], at: Moment, freshEpoch: () => string): Receipt {
    const { epoch: known, seq: before } = this.#log.cursor;
    const epoch = known === "0" ? freshEpoch() : known;
    const events = drafts.map((draft, index) => stamp(draft, epoch, before + 1 + index, at));
    this.#log.append(events, epoch, at.ms);
    this.readers.tell(events);
    return {
      cursor: formatCursor(this.#log.cursor),
      events: events.map(({ id, seq }) => ({ id, seq, duplicate: false })),
    };
  }

  /** One page of the log as JSON text (`core/history`). */
  history(after: Cursor | null, interest: Interest, limit: number): string {
    return readHistory(this.#log, after, interest, limit);
  }
}
