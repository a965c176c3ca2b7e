// What one socket was sent of the log. A frame that moves it on must hold all that the socket asked for and may receive of
// what it is moved over, once (F2); that the frame's range began earlier, for others of its group, changes nothing.
import { includes } from "../../../src/core/access/rights.ts";
import type { Dialect } from "../../../src/core/fanout/subscriber.ts";
import { parseCursor } from "../../../src/wire/cursor.ts";
import type { ReactorEvent } from "../../../src/wire/event.ts";
import type { Patterns } from "../../../src/wire/pattern.ts";
import type { FaultyLog } from "../faulty-log.ts";
import type { RightsTimeline } from "./rights-timeline.ts";

const HEARTBEAT = "reactor_heartbeat";

/** The members of any frame that are looked at. */
export interface SentFrame {
  readonly type: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly seq?: number;
  readonly cursor?: string;
  readonly after?: number;
  readonly events?: readonly ReactorEvent[];
  readonly more?: boolean;
}

export class SentRanges {
  readonly #log: FaultyLog;
  readonly #dialect: Dialect;
  readonly #asked: Patterns;
  readonly #rights: RightsTimeline;
  readonly #sent = new Set<number>();
  /** The seqs of the frames marked `more` that were not acknowledged. */
  #unacked: readonly number[] = [];
  /** The seq of the last cursor: what is beyond it was never sent. */
  position = 0;

  constructor(log: FaultyLog, dialect: Dialect, asked: Patterns, rights: RightsTimeline) {
    this.#log = log;
    this.#dialect = dialect;
    this.#asked = asked;
    this.#rights = rights;
  }

  get owesAck(): boolean {
    return this.#unacked.length > 0;
  }

  /** @returns whether that acknowledges anything new */
  acknowledge(seq: number): boolean {
    const before = this.#unacked.length;
    this.#unacked = this.#unacked.filter((each) => each > seq);
    return this.#unacked.length < before;
  }

  /** @returns what is wrong with it */
  frame(frame: SentFrame): readonly string[] {
    const { type, data, events, after, more } = frame;
    const seq = parseCursor(frame.cursor ?? data?.cursor)?.seq ?? this.position;
    if (type === "reactor_events") {
      if (more) this.#unacked = [...this.#unacked, seq];
      return this.#range(after ?? 0, seq, events ?? []);
    }
    if (type.startsWith("reactor_") && type !== HEARTBEAT) {
      if (type !== "reactor_emitted") this.position = seq; // that one says where the event is, not the socket
      return [];
    }
    return frame.cursor === undefined ? [] : this.#range(this.position, seq, [frame as unknown as ReactorEvent]);
  }

  #range(after: number, to: number, events: readonly ReactorEvent[]): readonly string[] {
    const wrong = events.flatMap((event) => this.#event(event, after, to));
    if (after > this.position) wrong.push(`was sent a frame from ${after} on, and is at ${this.position}`);
    for (const { seq, type } of this.#log.appended.slice(this.position, to)) {
      const isOwed = includes(this.#asked, type) && this.#rights.owes(seq, type);
      if (isOwed && !this.#sent.has(seq)) wrong.push(`was not sent ${seq}, a ${type}, in a frame of (${after}, ${to}]`);
    }
    this.position = to;
    return wrong;
  }

  #event({ seq, type, id }: ReactorEvent, after: number, to: number): readonly string[] {
    const isAlways = this.#dialect === "legacy" && type === HEARTBEAT; // O4
    if (!isAlways && !this.#rights.allows(type)) return [`was sent a ${type}, which its rights do not allow`];
    if (!isAlways && !includes(this.#asked, type)) return [`was sent a ${type}, and did not ask for it`];
    if (seq === undefined) return [];
    const logged = this.#log.appended[seq - 1];
    if (logged?.type !== type || logged.id !== id) return [`was sent ${seq} as another event than the log has`];
    if (seq <= after || seq > to) return [`was sent ${seq} in a frame of (${after}, ${to}]`];
    if (this.#sent.has(seq)) return [`was sent ${seq} twice`];
    this.#sent.add(seq);
    return [];
  }
}
