// The segments of a log in a Durable Object's SQLite. The output gate holds every answer and frame until a write is durable.
import type { OpenSegment, Segment, SegmentHead } from "../../core/log/segment.ts";
import { type LogState, type SegmentStore, StoreContradiction } from "../../core/log/segment-store.ts";
import type { Counters } from "../../core/log/usage.ts";
import { createValues, hasValues, isBorn, migrate, setAsideOldLog, VERSION } from "./migrations.ts";
import { scrubRow } from "./scrub.ts";

type CounterRow = {
  wakes: number;
  rows_written: number;
  requests: number;
  messages: number;
  deliveries: number;
  tallies: string;
};

type StateRow = CounterRow & {
  epoch: string;
  generation: string;
  born_ms: number;
  last_ms: number;
  oldest: number;
  counted_to: number;
  by_type: string;
  flushed_seq: number;
};

/** Rows are read as arrays, which costs less than objects. In the order of `HEAD`. */
type HeadRow = [
  firstSeq: number,
  lastSeq: number,
  firstMs: number,
  lastMs: number,
  bytes: number,
  totalBytes: number,
  types: string,
];
type OpenRow = [...HeadRow, fingerprints: ArrayBuffer | null];
type SegmentRow = [...OpenRow, events: string];

const HEAD = "first_seq, last_seq, first_ms, last_ms, bytes, total_bytes, types";
const COUNTERS = "wakes, rows_written, requests, messages, deliveries, tallies";

/** The row that holds the event `?`, or the first one behind it. */
const HOLDS = "coalesce((SELECT max(first_seq) FROM segments WHERE first_seq <= ?), 0)";

/** Both write nothing where the newest event is another than `?`, the last mark of each. */
const INSERT = `INSERT INTO segments (${HEAD}, fingerprints, events, ${COUNTERS}) SELECT ${marks(15)}
  WHERE coalesce((SELECT last_seq FROM segments ORDER BY first_seq DESC LIMIT 1), ?16) = ?16`;
const EXTEND = `UPDATE segments SET last_seq = ?, last_ms = ?, bytes = ?, total_bytes = ?, types = ?, fingerprints = ?,
  events = events || ?, wakes = ?, rows_written = ?, requests = ?, messages = ?, deliveries = ?, tallies = ?
  WHERE first_seq = (SELECT max(first_seq) FROM segments) AND last_seq = ?`;
const OVERWRITE = "UPDATE segments SET events = CAST(zeroblob(octet_length(events)) AS TEXT) WHERE first_seq";
const WRITE_STATE = `INSERT OR REPLACE INTO log (one, version, epoch, generation, born_ms, last_ms, oldest, counted_to, by_type,
  flushed_seq, ${COUNTERS}) VALUES (1, ${marks(15)})`;

export class SqliteStore implements SegmentStore {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  #isBorn: boolean;
  /** Whether there is the table of values: without a log it may be, too. */
  #hasValues: boolean;

  /** @param report is called with a sentence where the log of an older schema was set aside */
  constructor(storage: DurableObjectStorage, report: (sentence: string) => void) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#isBorn = isBorn(storage.sql);
    this.#hasValues = this.#isBorn || hasValues(storage.sql);
    // All of it, or a later start would find half of it.
    if (this.#isBorn) storage.transactionSync(() => migrate(storage.sql));
    else if (storage.transactionSync(() => setAsideOldLog(storage.sql))) {
      report(
        "The log of this channel has a schema from before segments: it was set aside in old_events. The channel starts over.",
      );
    }
  }

  transaction(act: () => void): void {
    const wasBorn = this.#isBorn;
    const hadValues = this.#hasValues;
    try {
      this.#storage.transactionSync(act);
    } catch (error) {
      // Its tables are gone with all else that `act` wrote.
      this.#isBorn = wasBorn;
      this.#hasValues = hadValues;
      throw error;
    }
  }

  readState(): LogState | undefined {
    if (!this.#isBorn) return undefined;
    const row = this.#sql.exec<StateRow>("SELECT * FROM log").one();
    return {
      epoch: row.epoch,
      generation: row.generation,
      bornMs: row.born_ms,
      lastMs: row.last_ms,
      oldest: row.oldest,
      countedTo: row.counted_to,
      byType: countsOf(row.by_type),
      flushedSeq: row.flushed_seq,
      counters: countersOf(row),
    };
  }

  writeState(state: LogState): void {
    if (!this.#isBorn) migrate(this.#sql);
    const { epoch, generation, bornMs, lastMs, oldest, countedTo, byType, flushedSeq, counters } = state;
    this.#sql.exec(
      WRITE_STATE,
      ...[VERSION, epoch, generation, bornMs, lastMs, oldest, countedTo, jsonOf(byType), flushedSeq],
      ...valuesOf(counters),
    );
    this.#isBorn = true;
    this.#hasValues = true;
  }

  insert(segment: Segment, counters: Counters): void {
    const { firstSeq, lastSeq, firstMs, lastMs, bytes, totalBytes, types, fingerprints, text } = segment;
    const { rowsWritten } = this.#sql.exec(
      INSERT,
      ...[firstSeq, lastSeq, firstMs, lastMs, bytes, totalBytes, jsonOf(types), blobOf(fingerprints), text],
      ...valuesOf(counters),
      firstSeq - 1,
    );
    expectWritten(rowsWritten, firstSeq - 1);
  }

  extend(segment: OpenSegment, text: string, counters: Counters, before: number): void {
    const { lastSeq, lastMs, bytes, totalBytes, types, fingerprints } = segment;
    const { rowsWritten } = this.#sql.exec(
      EXTEND,
      ...[lastSeq, lastMs, bytes, totalBytes, jsonOf(types), blobOf(fingerprints), text],
      ...valuesOf(counters),
      before,
    );
    expectWritten(rowsWritten, before);
  }

  deleteTo(firstSeq: number): number {
    return this.#sql.exec("DELETE FROM segments WHERE first_seq <= ?", firstSeq).rowsWritten;
  }

  overwriteTo(firstSeq: number): number {
    return this.#sql.exec(`${OVERWRITE} <= ?`, firstSeq).rowsWritten;
  }

  replace(segment: Segment): number {
    const { firstSeq, bytes, types, text } = segment;
    // A row of the same size is written where it was, also in its overflow pages. What a smaller one leaves stays in the file.
    const { rowsWritten } = this.#sql.exec(`${OVERWRITE} = ?`, firstSeq);
    this.#sql.exec(
      "UPDATE segments SET bytes = ?, types = ?, events = ? WHERE first_seq = ?",
      ...[bytes, jsonOf(types), text, firstSeq],
    );
    return rowsWritten + 1 + scrubRow(this.#storage, segment);
  }

  newest(): { readonly segment: OpenSegment; readonly counters: Counters } | undefined {
    const newest = "FROM segments ORDER BY first_seq DESC LIMIT 1";
    const [row] = [...this.#sql.exec(`SELECT ${HEAD}, fingerprints ${newest}`).raw<OpenRow>()];
    if (row === undefined) return undefined;
    const counters = this.#sql.exec<CounterRow>(`SELECT ${COUNTERS} ${newest}`).one();
    return { segment: openOf(row), counters: countersOf(counters) };
  }

  *headsFrom(seq: number): Iterable<SegmentHead> {
    if (!this.#isBorn) return;
    const heads = `SELECT ${HEAD} FROM segments WHERE first_seq >= ${HOLDS} ORDER BY first_seq`;
    for (const row of this.#sql.exec(heads, seq).raw<HeadRow>()) yield headOf(row);
  }

  segmentsFrom(seq: number, limit: number): readonly Segment[] {
    if (!this.#isBorn) return [];
    const segments = `SELECT ${HEAD}, fingerprints, events FROM segments WHERE first_seq >= ${HOLDS} ORDER BY first_seq LIMIT ?`;
    return Array.from(this.#sql.exec(segments, seq, limit).raw<SegmentRow>(), segmentOf);
  }

  *headsDownFrom(seq: number): Iterable<SegmentHead> {
    if (!this.#isBorn) return;
    const heads = `SELECT ${HEAD} FROM segments WHERE first_seq <= ? ORDER BY first_seq DESC`;
    for (const row of this.#sql.exec(heads, seq).raw<HeadRow>()) yield headOf(row);
  }

  textOf(firstSeq: number): string {
    return this.#sql.exec<{ events: string }>("SELECT events FROM segments WHERE first_seq = ?", firstSeq).one().events;
  }

  *fingerprintsBelow(seq: number): Iterable<Pick<Segment, "firstSeq" | "fingerprints">> {
    if (!this.#isBorn) return;
    const fingerprints = `SELECT first_seq, fingerprints FROM segments
      WHERE first_seq < ? AND fingerprints IS NOT NULL ORDER BY first_seq DESC`;
    for (const [firstSeq, blob] of this.#sql.exec(fingerprints, seq).raw<[number, ArrayBuffer]>()) {
      yield { firstSeq, fingerprints: new Float64Array(blob) };
    }
  }

  *values(prefix: string, from = prefix): Iterable<readonly [key: string, value: string]> {
    if (!this.#hasValues) return;
    const rows = this.#sql.exec<{ key: string; value: string }>(
      "SELECT key, value FROM key_values WHERE key >= ? ORDER BY key",
      from,
    );
    for (const { key, value } of rows) {
      if (!key.startsWith(prefix)) return;
      yield [key, value];
    }
  }

  setValue(key: string, value: string): void {
    if (!this.#hasValues) createValues(this.#sql);
    this.#hasValues = true;
    this.#sql.exec("INSERT OR REPLACE INTO key_values (key, value) VALUES (?, ?)", key, value);
  }

  deleteValue(key: string): void {
    this.#sql.exec("DELETE FROM key_values WHERE key = ?", key);
  }
}

function expectWritten(rows: number, newest: number): void {
  if (rows === 0) throw new StoreContradiction(`The newest event in storage is not ${newest}.`);
}

function headOf([firstSeq, lastSeq, firstMs, lastMs, bytes, totalBytes, types]:
  | HeadRow
  | OpenRow
  | SegmentRow): SegmentHead {
  return { firstSeq, lastSeq, firstMs, lastMs, bytes, totalBytes, types: countsOf(types) };
}

function openOf(row: OpenRow | SegmentRow): OpenSegment {
  return { ...headOf(row), fingerprints: row[7] && new Float64Array(row[7]) };
}

function segmentOf(row: SegmentRow): Segment {
  return { ...openOf(row), text: row[8] };
}

function countersOf({
  rows_written: rowsWritten,
  wakes,
  requests,
  messages,
  deliveries,
  tallies,
}: CounterRow): Counters {
  return { wakes, rowsWritten, requests, messages, deliveries, tallies };
}

/** In the order of `COUNTERS`. */
function valuesOf({ wakes, rowsWritten, requests, messages, deliveries, tallies }: Counters) {
  return [wakes, rowsWritten, requests, messages, deliveries, tallies] as const;
}

/** A map as an object would lose a type that is called `__proto__`. */
function jsonOf(counts: ReadonlyMap<string, number>): string {
  return JSON.stringify([...counts]);
}

/** The last text and its map: neighbours mostly have as many events of the same types. */
let parsed: { readonly json: string; readonly counts: ReadonlyMap<string, number> } = { json: "[]", counts: new Map() };

function countsOf(json: string): ReadonlyMap<string, number> {
  if (json !== parsed.json) parsed = { json, counts: new Map(JSON.parse(json) as [string, number][]) };
  return parsed.counts;
}

/** Its own bytes: platforms are little-endian, and so the file is. */
function blobOf(fingerprints: Float64Array | null): ArrayBuffer | null {
  return fingerprints === null ? null : (fingerprints.slice().buffer as ArrayBuffer);
}

function marks(count: number): string {
  return Array(count).fill("?").join(", ");
}
