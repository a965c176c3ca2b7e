// Finds the event that has an idempotency key, without an entry in storage for each key. Segments have fingerprints, which are
// loaded into memory with the first emit after a wake that has an id. A match is confirmed by the event itself, or by the note
// that is kept of one that was deleted within ten minutes of its append.
import { REMEMBER_MS } from "../../wire/limits.ts";
import { type Content, contentIn, digestOf, isSameContent } from "./content.ts";
import type { KnownEvent } from "./event-log.ts";
import { fingerprintOf, keyIn } from "./fingerprint.ts";
import { FingerprintIndex } from "./fingerprint-index.ts";
import { eventAt, eventTexts, type Segment } from "./segment.ts";
import type { SegmentStore } from "./segment-store.ts";
import { fingerprintIn, isSameKey, isTombstone, readTombstone } from "./tombstone.ts";

/** What is kept of a deleted event: its seq, its key, or the digest of it (`log/tombstone`), and a digest of its content. */
type Note = readonly [seq: number, key: string, digest: string];

/** A value: notes of events that were deleted together, ascending, and until when they are kept, as Unix time in ms. */
interface Notes {
  readonly untilMs: number;
  readonly notes: readonly Note[];
}

/** Keys of notes: this, and the seq of the last noted event in 16 digits, so that they sort as seqs do. */
const PREFIX = "deleted/";

/** Of one value: about 75 kB where a key has 40 characters. */
const NOTES_PER_VALUE = 1_000;

/**
 * What the notes of one value take as JSON, in UTF-16 units: 1.5 MB at most, where Cloudflare takes values of 2 MB. A thousand
 * keys would take 3 MB where they are as long as they may be, and each character is escaped.
 */
const MAX_VALUE_UNITS = 500_000;

export class IdempotencyIndex {
  readonly #store: SegmentStore;
  readonly #maxIndexed: number | undefined;
  /** `undefined` until it is needed. */
  #index: FingerprintIndex | undefined;
  /** When the oldest notes may be deleted, as Unix time in ms; 0: not known yet. */
  #purgeMs = 0;

  /** @param maxIndexed how many fingerprints are kept in memory at most; older ones are read from storage for each key */
  constructor(store: SegmentStore, maxIndexed?: number) {
    this.#store = store;
    this.#maxIndexed = maxIndexed;
  }

  /** Finds what was appended under `key`. @param oldest the seq of the oldest kept event */
  find(key: string, nowMs: number, oldest: number): KnownEvent | undefined {
    const fingerprint = fingerprintOf(key);
    this.#index ??= this.#load(oldest);
    const { from } = this.#index;
    for (const seq of [...this.#index.seqsOf(fingerprint), ...(from > 0 ? this.#seqsBelow(from, fingerprint) : [])]) {
      const known = seq >= oldest ? this.#kept(key, seq) : this.#noted(key, seq, nowMs);
      if (known) return known;
    }
    return undefined;
  }

  /** MUST be called with each segment, or part of one, that was appended. Never throws: it is stored. @param oldest the seq of the oldest kept event */
  appended({ firstSeq, fingerprints }: Pick<Segment, "firstSeq" | "fingerprints">, oldest: number): void {
    if (this.#index === undefined) return; // it will be loaded from storage
    try {
      addAll(this.#index, firstSeq, fingerprints, () => this.#oldestNoted() ?? oldest);
    } catch {
      this.#index = undefined; // the next id loads it again, or is refused because storage still fails
    }
  }

  /** Writes notes of events that are about to be deleted, as far as they are young. @returns how many rows */
  note(segments: Iterable<Segment>, nowMs: number): number {
    const values: { untilMs: number; notes: Note[] }[] = [];
    let units = 0; // of the last value
    for (const { firstSeq, lastMs, fingerprints, text } of segments) {
      const untilMs = lastMs + REMEMBER_MS;
      if (untilMs <= nowMs || fingerprints === null) continue;
      const notes = eventTexts(text).flatMap((event, offset): Note[] => {
        const known = fingerprints[offset] === 0 ? null : digestsIn(event);
        return known === null ? [] : [[firstSeq + offset, known.key, known.content]];
      });
      const last = values.at(-1);
      const more = JSON.stringify(notes).length;
      const isFull = units + more > MAX_VALUE_UNITS || (last?.notes.length ?? 0) + notes.length > NOTES_PER_VALUE;
      units = isFull ? more : units + more;
      if (last === undefined || isFull) values.push({ untilMs, notes });
      else {
        last.notes.push(...notes);
        last.untilMs = Math.max(last.untilMs, untilMs);
      }
    }
    for (const value of values) {
      this.#store.setValue(keyOfNotes(value.notes.at(-1)?.[0] ?? 0), JSON.stringify(value satisfies Notes));
    }
    return values.length;
  }

  /** Deletes notes whose time is over. @returns how many rows */
  purge(nowMs: number): number {
    if (nowMs < this.#purgeMs) return 0;
    const over: string[] = [];
    this.#purgeMs = nowMs; // asked for again with the next deletion, whose notes are younger
    for (const [key, value] of this.#store.values(PREFIX)) {
      const { untilMs } = JSON.parse(value) as Notes;
      if (untilMs > nowMs) {
        this.#purgeMs = untilMs;
        break;
      }
      over.push(key);
    }
    for (const key of over) this.#store.deleteValue(key);
    return over.length;
  }

  #load(oldest: number): FingerprintIndex {
    const index = new FingerprintIndex(this.#maxIndexed);
    const oldestOf = () => this.#oldestNoted() ?? oldest;
    for (const { firstSeq, fingerprints } of this.#store.fingerprintsBelow(Number.MAX_SAFE_INTEGER)) {
      if (firstSeq < index.from) break; // that is more than is kept in memory
      addAll(index, firstSeq, fingerprints, oldestOf);
    }
    for (const [, value] of this.#store.values(PREFIX)) {
      for (const [seq, key] of (JSON.parse(value) as Notes).notes) index.add(fingerprintIn(key), seq, oldestOf);
    }
    return index;
  }

  /** What the index has no room for. */
  *#seqsBelow(from: number, fingerprint: number): Generator<number, void> {
    for (const { firstSeq, fingerprints } of this.#store.fingerprintsBelow(from)) {
      for (const [offset, each] of fingerprints?.entries() ?? []) if (each === fingerprint) yield firstSeq + offset;
    }
    for (const [, value] of this.#store.values(PREFIX)) {
      for (const [seq, key] of (JSON.parse(value) as Notes).notes) if (fingerprintIn(key) === fingerprint) yield seq;
    }
  }

  #kept(key: string, seq: number): KnownEvent | undefined {
    const [segment] = this.#store.segmentsFrom(seq, 1);
    const event = segment && eventAt(segment, seq);
    if (event === undefined) return undefined;
    const known = isTombstone(event) ? digestsIn(event) : { key: keyIn(event) ?? "", content: null };
    if (known === null || !isSameKey(known.key, key)) return undefined; // another key with the same fingerprint
    return { seq, is: (content) => isKnown(event, known.content, content) };
  }

  #noted(key: string, seq: number, nowMs: number): KnownEvent | undefined {
    const [found] = this.#store.values(PREFIX, keyOfNotes(seq));
    if (found === undefined) return undefined; // its time was over
    const { untilMs, notes } = JSON.parse(found[1]) as Notes;
    const note = notes.find((each) => each[0] === seq);
    if (note === undefined || !isSameKey(note[1], key) || untilMs <= nowMs) return undefined;
    return { seq, is: (content) => digestOf(content) === note[2] };
  }

  /** The seq of the oldest event that is noted. */
  #oldestNoted(): number | undefined {
    const [first] = this.#store.values(PREFIX);
    return first && (JSON.parse(first[1]) as Notes).notes[0]?.[0];
  }
}

/** Its key and the digest of its content; of a tombstone both are digests. `null`: it has no key. @param event JSON text, or a tombstone */
function digestsIn(event: string): { readonly key: string; readonly content: string } | null {
  if (!isTombstone(event)) {
    const key = keyIn(event);
    return key === null ? null : { key, content: digestOf(contentIn(event)) };
  }
  const { key, content } = readTombstone(event);
  return key === undefined || content === undefined ? null : { key, content };
}

/** Whether the event that is kept has this content. @param digest of the one that was taken out */
function isKnown(event: string, digest: string | null, content: Content): boolean {
  return digest === null ? isSameContent(contentIn(event), content) : digestOf(content) === digest;
}

/** @param fingerprints of the events from `firstSeq` on, 0 where there is none */
function addAll(
  index: FingerprintIndex,
  firstSeq: number,
  fingerprints: Float64Array | null,
  oldest: () => number,
): void {
  if (fingerprints === null) return;
  for (let offset = 0; offset < fingerprints.length; offset++) {
    const fingerprint = fingerprints[offset] ?? 0;
    if (fingerprint !== 0) index.add(fingerprint, firstSeq + offset, oldest);
  }
}

function keyOfNotes(lastSeq: number): string {
  return PREFIX + String(lastSeq).padStart(16, "0");
}
