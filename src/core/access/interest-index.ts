// Finds the interests that hear a type without asking each of them: patterns without a star are looked up by the type, others
// by their literal beginning or, where a star is first, by their literal end. Only `*…*` is tried against every type.
import { fits, type Pieces, piecesOf } from "../../wire/type-match.ts";
import { type Interest, Matcher } from "./match.ts";

/** One pattern, and the interests that are found by it. */
interface Entry<T> {
  readonly pieces: Pieces;
  readonly items: Set<T>;
}

/** Entries by pattern, under a literal that each of them has. */
type Bucket<T> = Map<string, Entry<T>>;

export class InterestIndex<T extends Interest> {
  /** Under which every type is found. */
  readonly #everything = new Set<T>();
  readonly #literals = new Map<string, Set<T>>();
  readonly #heads = new Buckets<T>();
  readonly #tails = new Buckets<T>();
  /** Patterns of which neither end is literal. */
  readonly #free: Bucket<T> = new Map();
  /** Of each interest the side by which it is not found: a type must match that, too. */
  readonly #others = new Map<T, Matcher>();

  /** How many patterns are tried against every type. */
  get free(): number {
    return this.#free.size;
  }

  add(item: T): void {
    const { found, other } = sidesOf(item);
    this.#others.set(item, new Matcher(other));
    if (found === null) this.#everything.add(item);
    for (const pattern of found ?? []) {
      if (pattern.includes("*")) entryAt(this.#bucketOf(pattern), pattern).items.add(item);
      else setAt(this.#literals, pattern).add(item);
    }
  }

  remove(item: T): void {
    this.#others.delete(item);
    this.#everything.delete(item);
    for (const pattern of sidesOf(item).found ?? []) {
      if (pattern.includes("*")) this.#removeStarred(item, pattern);
      else if (this.#literals.get(pattern)?.delete(item) && this.#literals.get(pattern)?.size === 0)
        this.#literals.delete(pattern);
    }
  }

  /**
   * Adds to `found` the items that hear a type, piece by piece, over as many turns as the caller likes. An item that is added
   * meanwhile may be missed; one that is removed is not found from then on.
   *
   * @returns after each piece how many patterns it has tried, or items it has looked at
   */
  *search(type: string, found: Set<T>): Generator<number, void> {
    for (const item of this.#everything) yield this.#look(item, type, found);
    for (const item of this.#literals.get(type) ?? []) yield this.#look(item, type, found);
    for (const { pieces, items } of this.#candidates(type)) {
      yield 1;
      if (fits(pieces, type)) for (const item of items) yield this.#look(item, type, found);
    }
  }

  *#candidates(type: string): Generator<Entry<T>, void> {
    for (const length of this.#heads.lengths) {
      if (length <= type.length) yield* this.#heads.under(type.slice(0, length));
    }
    for (const length of this.#tails.lengths) {
      if (length <= type.length) yield* this.#tails.under(type.slice(type.length - length));
    }
    yield* this.#free.values();
  }

  #look(item: T, type: string, found: Set<T>): number {
    const other = this.#others.get(item);
    if (other?.matches(type)) found.add(item);
    return 1 + (other?.cost ?? 0);
  }

  #bucketOf(pattern: string): Bucket<T> {
    const pieces = piecesOf(pattern);
    const [head = "", tail = ""] = [pieces[0], pieces.at(-1)];
    if (head !== "") return this.#heads.at(head);
    return tail === "" ? this.#free : this.#tails.at(tail);
  }

  #removeStarred(item: T, pattern: string): void {
    const bucket = this.#bucketOf(pattern);
    const entry = bucket.get(pattern);
    entry?.items.delete(item);
    if (entry?.items.size === 0) bucket.delete(pattern);
    this.#heads.tidy(pattern.slice(0, pattern.indexOf("*")));
    this.#tails.tidy(pattern.slice(pattern.lastIndexOf("*") + 1));
  }
}

/** Buckets by a literal, and how long those literals are: a type is cut to each of these lengths. */
class Buckets<T> {
  readonly #buckets = new Map<string, Bucket<T>>();
  /** How many literals have each length: there are 127. */
  readonly #lengths = new Map<number, number>();

  get lengths(): Iterable<number> {
    return [...this.#lengths.keys()];
  }

  at(literal: string): Bucket<T> {
    const known = this.#buckets.get(literal);
    if (known) return known;
    const bucket: Bucket<T> = new Map();
    this.#buckets.set(literal, bucket);
    this.#lengths.set(literal.length, (this.#lengths.get(literal.length) ?? 0) + 1);
    return bucket;
  }

  under(literal: string): Iterable<Entry<T>> {
    return this.#buckets.get(literal)?.values() ?? [];
  }

  /** Removes a bucket that is empty. */
  tidy(literal: string): void {
    if (this.#buckets.get(literal)?.size !== 0) return;
    this.#buckets.delete(literal);
    const count = (this.#lengths.get(literal.length) ?? 0) - 1;
    if (count > 0) this.#lengths.set(literal.length, count);
    else this.#lengths.delete(literal.length);
  }
}

/** The side with the fewest stars is the one by which an interest is found. */
function sidesOf({ asked, allowed }: Interest) {
  const byAsked = starred(asked) <= starred(allowed);
  return byAsked ? { found: asked, other: allowed } : { found: allowed, other: asked };
}

/** `null`, which matches everything, is worse than any pattern. */
function starred(patterns: Interest["asked"]): number {
  return patterns?.filter((pattern) => pattern.includes("*")).length ?? Number.POSITIVE_INFINITY;
}

function entryAt<T>(bucket: Bucket<T>, pattern: string): Entry<T> {
  const entry = bucket.get(pattern) ?? { pieces: piecesOf(pattern), items: new Set() };
  bucket.set(pattern, entry);
  return entry;
}

function setAt<T>(sets: Map<string, Set<T>>, key: string): Set<T> {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set);
  return set;
}
