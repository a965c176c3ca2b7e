// Keeps what was taken out of the log from staying in the file. SQLite leaves deleted bytes where they were, and a Durable Object may
// not set `secure_delete`. So the free bytes of pages are written over: by rows that grow until their page is full, and shrink
// again; and by values that fill the free pages, and push old pages out of the write-ahead log. Measured in workerd: of 37
// events out of 1,500, taken out one by one, 37 are left in the file without this, and none with it.
//
//   a page of segments          ┌──────────────────────────────────────────────┐
//   an earlier, shorter version │ header · … free: "…secret…" … · row · row    │
//   of a row is in its free     ├──────────────────────────────────────────────┤
//   bytes, where it grew        │ header · row 0000000000000000 · row          │ ← for a moment, in one transaction
//                               └──────────────────────────────────────────────┘
import type { SegmentHead } from "../../core/log/segment.ts";

/** A row takes no more of a page of 4,096 bytes. What a larger one has beyond it is in pages of its own, and grows by whole ones. */
const MAX_IN_PAGE = 4_061;

/** The root page was the only page of the table, until the first events filled it. */
const ROOT_BYTES = 4_096;

/** Behind all segments. So many rows of a page each fill the root page with their addresses, of 14 bytes each. */
const BEHIND = Number.MAX_SAFE_INTEGER - 1_000;
const ROOT_ROWS = 500;

/** Cloudflare takes values of 2 MB. Together more than the write-ahead log holds before SQLite writes it back: 1,000 pages. */
const FILLERS = [2_000_000, 2_000_000, 500_000];

/**
 * Writes over the free bytes around a row: in its page, and in those of its neighbours, in which it may have been when it was
 * shorter. MUST be called in a transaction. Rows keep their content.
 *
 * @returns how many rows it wrote
 */
export function scrubRow(storage: DurableObjectStorage, { firstSeq, totalBytes, bytes }: SegmentHead): number {
  const { sql } = storage;
  const neighbours = `SELECT max(first_seq) FROM segments WHERE first_seq < ?
    UNION ALL SELECT ? UNION ALL SELECT min(first_seq) FROM segments WHERE first_seq > ?`;
  const rows = [...sql.exec(neighbours, firstSeq, firstSeq, firstSeq).raw<[number | null]>()];
  let written = rows.reduce((sum, [seq]) => sum + (seq === null ? 0 : fillPage(storage, seq)), 0);
  if (totalBytes - bytes < ROOT_BYTES) written += fillRoot(sql);
  return written;
}

/** Lets a row grow until its page is full, and shrink again. */
function fillPage(storage: DurableObjectStorage, firstSeq: number): number {
  const { sql } = storage;
  const [row] = sql.exec<{ events: string; size: number }>(
    "SELECT events, octet_length(events) AS size FROM segments WHERE first_seq = ?",
    firstSeq,
  );
  if (row === undefined) return 0;
  let written = 0;
  const grow = (size: number) => {
    const grown = sql.exec(
      "UPDATE segments SET events = CAST(zeroblob(?) AS TEXT) WHERE first_seq = ?",
      size,
      firstSeq,
    );
    written += grown.rowsWritten;
  };
  const fits = (size: number) => {
    const before = sql.databaseSize; // without free pages: it grows where the row needs another page
    let isSame = false;
    undone(storage, () => {
      grow(size);
      isSame = sql.databaseSize === before;
    });
    return isSame;
  };
  let [most, tooMuch] = [row.size, row.size + MAX_IN_PAGE];
  while (tooMuch - most > 1) {
    const size = (most + tooMuch) >> 1;
    if (fits(size)) most = size;
    else tooMuch = size;
  }
  grow(most);
  return written + sql.exec("UPDATE segments SET events = ? WHERE first_seq = ?", row.events, firstSeq).rowsWritten;
}

const UNDO = new Error("This is undone.");

/** Does what is undone again. */
function undone(storage: DurableObjectStorage, act: () => void): void {
  try {
    storage.transactionSync(() => {
      act();
      throw UNDO;
    });
  } catch (error) {
    if (error !== UNDO) throw error;
  }
}

/** Lets the table grow so far that its root page is full, and shrink again. */
function fillRoot(sql: SqlStorage): number {
  const columns = "first_seq, last_seq, first_ms, last_ms, bytes, total_bytes, wakes, rows_written, requests, messages";
  const filled = sql.exec(
    `INSERT INTO segments (${columns}, types, events) WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
       SELECT ? + i, 0, 0, 0, 0, 0, 0, 0, 0, 0, '[]', CAST(zeroblob(3900) AS TEXT) FROM n`,
    ROOT_ROWS,
    BEHIND,
  ).rowsWritten;
  return filled + sql.exec("DELETE FROM segments WHERE first_seq >= ?", BEHIND).rowsWritten;
}

/**
 * Writes over the free pages of the file, as far as they are not more than a thousand, and over what the write-ahead log still holds of
 * old pages. Each step MUST be a commit of its own. MUST NOT be called before there is a log.
 */
export function* scrubFile({ sql }: DurableObjectStorage): Generator<number, void> {
  const keys = FILLERS.map((_, index) => `filler/${index}`);
  for (let round = 0; round < 2; round++) {
    let rows = 0;
    for (const [index, size] of FILLERS.entries()) {
      const filler = "INSERT OR REPLACE INTO key_values (key, value) VALUES (?, CAST(zeroblob(?) AS TEXT))";
      rows += sql.exec(filler, `filler/${index}`, size).rowsWritten;
    }
    yield rows;
    yield keys.reduce((sum, key) => sum + sql.exec("DELETE FROM key_values WHERE key = ?", key).rowsWritten, 0);
  }
}
