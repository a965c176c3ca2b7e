// A segment: consecutive events that are stored as one row. What is appended at once is one segment, or several if it is
// large; small appends share one. Cut and joined here, stored by a `SegmentStore`.
import { MAX_FRAME_BYTES } from "../../wire/limits.ts";
import { EVENTS_FRAME_BYTES } from "../../wire/server-frame.ts";
import { utf8Bytes } from "../../wire/utf8.ts";
import { typeIn } from "./content.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { AppendedEvent, LoggedEvent } from "./logged-event.ts";
import type { Joined, Slice, TypeFilter } from "./slice.ts";
import { isTombstone, REMOVED, readTombstone, tombstoneOf } from "./tombstone.ts";

/**
 * The events of one segment, with a comma between them, fit one frame, unless it is a single event (256 KiB at most): so most
 * pages of replay are a segment as it is. Cloudflare takes rows of 2 MB; workerd stores larger ones without an error.
 */
export const MAX_SEGMENT_BYTES = MAX_FRAME_BYTES - EVENTS_FRAME_BYTES;

/**
 * A segment is extended as long as its row stays within one page of SQLite (4,096 bytes, of which a row may have 4,061). Beyond
 * it each extension rewrites all pages of the row: measured 8.8 KiB to disk for each event at 4 KiB, 15 at 8, 47 at 64.
 */
export const OPEN_SEGMENT_BYTES = 3_900;

/** A segment that is older is not extended: it is deleted as a whole, when its newest event is too old. */
export const OPEN_SEGMENT_MS = 15 * 60 * 1000;

/** What a row holds beside events, types, fingerprints and tallies: a dozen integers. */
const ROW_BYTES = 80;
const FINGERPRINT_BYTES = 8;

/** What is known of a segment without its events. */
export interface SegmentHead {
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** When its first and its last event were appended, as Unix time in ms. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Of its events in UTF-8. */
  readonly bytes: number;
  /** Of all events that were ever appended, up to and with its last: what lies between two segments is a difference. */
  readonly totalBytes: number;
  /** How many events it has of each type; those that were taken out count as `REMOVED`. */
  readonly types: ReadonlyMap<string, number>;
}

export interface Segment extends SegmentHead {
  /** One for each event, 0 where its publisher gave no id; `null` where none did. */
  readonly fingerprints: Float64Array | null;
  /** The events as JSON texts, joined by line breaks: a text has none itself. */
  readonly text: string;
}

const SEPARATOR = "\n";

/** Cuts what is appended into segments. @param events at least one, consecutive @param totalBytes of all events before */
export function segmentsOf(events: readonly AppendedEvent[], atMs: number, totalBytes: number): readonly Segment[] {
  const segments: Segment[] = [];
  const add = (part: readonly AppendedEvent[], size: number) => {
    const before = segments.at(-1)?.totalBytes ?? totalBytes;
    segments.push(segmentOf(part, size, before + size, atMs));
  };
  let from = 0;
  let bytes = 0;
  for (const [index, event] of events.entries()) {
    if (index > from && bytes + event.bytes + 1 > MAX_SEGMENT_BYTES) {
      add(events.slice(from, index), bytes - (index - from));
      [from, bytes] = [index, 0];
    }
    bytes += event.bytes + 1;
  }
  add(from === 0 ? events : events.slice(from), bytes - (events.length - from));
  return segments;
}

/** @param bytes of the events, without separators */
function segmentOf(events: readonly AppendedEvent[], bytes: number, totalBytes: number, atMs: number): Segment {
  const firstSeq = events[0]?.seq ?? 0;
  const types = new Map<string, number>();
  let hasKeys = false;
  let count = 0;
  for (const [index, { type, key }] of events.entries()) {
    count += 1;
    hasKeys ||= key !== null;
    if (events[index + 1]?.type === type) continue; // neighbours mostly have one type
    types.set(type, (types.get(type) ?? 0) + count);
    count = 0;
  }
  return {
    firstSeq,
    lastSeq: firstSeq + events.length - 1,
    firstMs: atMs,
    lastMs: atMs,
    bytes,
    totalBytes,
    types,
    fingerprints: hasKeys ? Float64Array.from(events, ({ key }) => (key === null ? 0 : fingerprintOf(key))) : null,
    text: events.length === 1 ? (events[0]?.event ?? "") : events.map(({ event }) => event).join(SEPARATOR),
  };
}

/** The newest segment, as far as extending it needs: all but its text. */
export type OpenSegment = Omit<Segment, "text">;

/**
 * `open` with the events of `segment` behind its own; `null` if they do not fit one row of a page.
 *
 * @param tallyBytes what the row holds of tallies, in bytes
 */
export function extended(open: OpenSegment, segment: Segment, tallyBytes = 0): OpenSegment | null {
  if (segment.lastMs - open.firstMs > OPEN_SEGMENT_MS) return null;
  const bytes = open.bytes + segment.bytes;
  if (bytes > OPEN_SEGMENT_BYTES) return null; // most do not, and need no sum of types
  const types = new Map(open.types);
  for (const [type, count] of segment.types) types.set(type, (types.get(type) ?? 0) + count);
  const fingerprints = joined(open, segment);
  const { firstSeq, firstMs } = open;
  const { lastSeq, totalBytes } = segment;
  const lastMs = Math.max(open.lastMs, segment.lastMs); // the clock may have been set back
  const both = { firstSeq, lastSeq, firstMs, lastMs, bytes, totalBytes, types, fingerprints };
  return rowBytes(both) + tallyBytes <= OPEN_SEGMENT_BYTES ? both : null;
}

/** What the text of an extension is appended to the stored one with. */
export function extensionText({ text }: Segment): string {
  return SEPARATOR + text;
}

function joined(first: OpenSegment, second: OpenSegment): Float64Array | null {
  if (first.fingerprints === null && second.fingerprints === null) return null;
  const fingerprints = new Float64Array(countOf(first) + countOf(second));
  if (first.fingerprints) fingerprints.set(first.fingerprints);
  if (second.fingerprints) fingerprints.set(second.fingerprints, countOf(first));
  return fingerprints;
}

/** Of the row of a segment, about. */
function rowBytes(segment: OpenSegment): number {
  const { bytes, types, fingerprints } = segment;
  let typeBytes = 2;
  for (const [type, count] of types) typeBytes += utf8Bytes(type) + String(count).length + 4;
  return ROW_BYTES + bytes + countOf(segment) + typeBytes + FINGERPRINT_BYTES * (fingerprints?.length ?? 0);
}

export function countOf({ firstSeq, lastSeq }: Pick<SegmentHead, "firstSeq" | "lastSeq">): number {
  return lastSeq - firstSeq + 1;
}

/** A whole segment. Its events are cut out of the text only when they are asked for one by one. */
class WholeSegment implements Slice {
  readonly #segment: SegmentHead;
  readonly #text: string;

  constructor(segment: SegmentHead, text: string) {
    this.#segment = segment;
    this.#text = text;
  }

  get from(): number {
    return this.#segment.firstSeq;
  }

  get to(): number {
    return this.#segment.lastSeq;
  }

  get scanned(): number {
    return countOf(this.#segment);
  }

  get events(): readonly LoggedEvent[] {
    return eventsIn(this.#segment, this.#text, this.from, this.to, null);
  }

  get joined(): Joined {
    const text = () => this.#text.replaceAll(SEPARATOR, ",");
    return { text, bytes: this.#segment.bytes + this.scanned - 1 };
  }
}

/** So many UTF-16 units that are read count as one scanned event, if the events are larger: they differ 2,000-fold. */
const SCANNED_UNITS = 1_000;

/** The events of a segment from `from` to `to`, both included, as far as `wanted` takes their types. */
export function sliceOf(segment: SegmentHead, text: string, from: number, to: number, wanted: TypeFilter): Slice {
  const { firstSeq, lastSeq } = segment;
  const isWhole = wanted === null && from <= firstSeq && to >= lastSeq;
  if (isWhole && !hasTombstones(segment)) return new WholeSegment(segment, text);
  const [first, last] = [Math.max(from, firstSeq), Math.min(to, lastSeq)];
  const events = eventsIn(segment, text, first, last, wanted);
  const scanned = Math.max(last - first + 1, Math.ceil(text.length / SCANNED_UNITS));
  return { from: first, to: last, scanned, events };
}

function eventsIn(
  { firstSeq, bytes, types }: SegmentHead,
  text: string,
  first: number,
  last: number,
  wanted: TypeFilter,
): readonly LoggedEvent[] {
  const texts = eventTexts(text);
  const isAscii = text.length === bytes + texts.length - 1; // then a text has as many bytes as units
  const only = types.size === 1 ? [...types.keys()][0] : undefined;
  const hasRemoved = types.has(REMOVED);
  const events: LoggedEvent[] = [];
  for (let seq = first; seq <= last; seq++) {
    const event = texts[seq - firstSeq] ?? "";
    if (hasRemoved && isTombstone(event)) continue;
    const type = only ?? typeIn(event);
    if (wanted === null || wanted(type)) {
      events.push({ seq, type, event, bytes: isAscii ? event.length : utf8Bytes(event) });
    }
  }
  return events;
}

/** The events of a segment, each as its JSON text. */
export function eventTexts(text: string): readonly string[] {
  return text.split(SEPARATOR);
}

/** One event of a segment; `undefined` if it has none with this seq. */
export function eventAt({ firstSeq, text }: Pick<Segment, "firstSeq" | "text">, seq: number): string | undefined {
  return eventTexts(text)[seq - firstSeq];
}

/** A segment that has no event that is wanted. */
export function skipped({ firstSeq, lastSeq }: SegmentHead, from: number, to: number): Slice {
  return { from: Math.max(from, firstSeq), to: Math.min(to, lastSeq), scanned: 1, events: [] };
}

export function hasWanted({ types }: SegmentHead, wanted: (type: string) => boolean): boolean {
  for (const type of types.keys()) if (type !== REMOVED && wanted(type)) return true;
  return false;
}

/** Whether any of its events were taken out. */
export function hasTombstones({ types }: Pick<SegmentHead, "types">): boolean {
  return types.has(REMOVED);
}

/**
 * A segment with tombstones in the place of the events from `first` to `last`. What was appended (`totalBytes`) stays as it was.
 *
 * @returns it, or `undefined` if they are tombstones already
 */
export function withTombstones(segment: Segment, first: number, last: number): Segment | undefined {
  const { firstSeq, fingerprints } = segment;
  const texts = [...eventTexts(segment.text)];
  const types = new Map(segment.types);
  let { bytes } = segment;
  let count = 0;
  for (let seq = Math.max(first, firstSeq); seq <= Math.min(last, segment.lastSeq); seq++) {
    const event = texts[seq - firstSeq] ?? "";
    if (isTombstone(event)) continue;
    const tombstone = tombstoneOf(event, (fingerprints?.[seq - firstSeq] ?? 0) !== 0);
    texts[seq - firstSeq] = tombstone;
    bytes += tombstone.length - utf8Bytes(event);
    const type = typeIn(event);
    const left = (types.get(type) ?? 0) - 1;
    if (left > 0) types.set(type, left);
    else types.delete(type);
    count += 1;
  }
  if (count === 0) return undefined;
  types.set(REMOVED, (types.get(REMOVED) ?? 0) + count);
  return { ...segment, bytes, types, text: texts.join(SEPARATOR) };
}

/** By how much a segment's events took more before some of them were taken out. */
export function removedBytes({ text }: Pick<Segment, "text">): number {
  const tombstones = eventTexts(text).filter(isTombstone);
  return tombstones.reduce((sum, each) => sum + readTombstone(each).bytes - each.length, 0);
}

/** The events of a segment from its first to `lastSeq`, as a segment. */
export function headOfSegment(segment: Segment, lastSeq: number): Segment {
  const count = lastSeq - segment.firstSeq + 1;
  const text = eventTexts(segment.text).slice(0, count).join(SEPARATOR);
  return { ...segment, lastSeq, text, fingerprints: segment.fingerprints?.slice(0, count) ?? null };
}
