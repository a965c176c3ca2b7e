// Which subscriptions hear a type. Publishers invent types, and clients patterns: to match all of one with all of the other may
// take any time, so it is done within a budget, and the next turn goes on.

import { InterestIndex } from "../access/interest-index.ts";
import { type Interest, InterestFilter } from "../access/match.ts";

/** What one turn may try: patterns against types. Some 5 ms. */
export const MATCHES_PER_TURN = 20_000;

/** How many types are remembered. More types come from a publisher that puts ids into them, or from private feeds. */
const MAX_TYPES = 1_000;

/** And how many subscriptions of all of them together: some 10 MB. */
const MAX_FOUND = 200_000;

/** So many new subscriptions are matched with a known type one by one; behind more it is looked up again. */
const FEW = 64;

/** What is known of a type. */
interface Known<T> {
  readonly found: Set<T>;
  /** `null`: it has ended. */
  search: Generator<number, void> | null;
  /** The number of the last subscription that was matched with it. */
  upTo: number;
  /** How many were found when the search ended. */
  weight: number;
}

export class TypeMatches<T extends Interest> {
  readonly #index = new InterestIndex<T>();
  /** By number, from 1 on in the order in which they were added. */
  readonly #numbered = new Map<number, T>();
  readonly #numbers = new Map<T, number>();
  #lastNumber = 0;
  /** The oldest first. */
  readonly #known = new Map<string, Known<T>>();
  #weight = 0;

  /** A new subscription is matched with nothing before a type is asked for: else it would cost as much as all types together. */
  add(subscription: T): void {
    const number = ++this.#lastNumber;
    this.#index.add(subscription);
    this.#numbered.set(number, subscription);
    this.#numbers.set(subscription, number);
  }

  remove(subscription: T): void {
    this.#index.remove(subscription);
    this.#numbered.delete(this.#numbers.get(subscription) ?? 0);
    this.#numbers.delete(subscription);
    for (const { found } of this.#known.values()) found.delete(subscription);
  }

  /** All that hear a type, however long that takes: for the hub's own few types. */
  all(type: string): ReadonlySet<T> {
    return this.find(type, Number.POSITIVE_INFINITY).found ?? new Set();
  }

  /**
   * @param budget how many matches may be tried; what they find out is not lost
   * @returns the subscriptions that hear a type, `undefined` where the budget did not suffice; and what is left of it
   */
  find(type: string, budget: number): { readonly found: ReadonlySet<T> | undefined; readonly left: number } {
    const known = this.#lookUp(type);
    let left = budget;
    while (known.search !== null) {
      if (left <= 0) return { found: undefined, left: 0 };
      const { done, value } = known.search.next();
      if (done) this.#ended(known);
      else left -= value;
    }
    for (; known.upTo < this.#lastNumber; known.upTo++) {
      if (left <= 0) return { found: undefined, left: 0 };
      const subscription = this.#numbered.get(known.upTo + 1);
      if (subscription !== undefined) left -= match(subscription, type, known.found);
    }
    return { found: known.found, left };
  }

  /** What is known of a type; a search that has only begun if that is nothing, or long ago. */
  #lookUp(type: string): Known<T> {
    const before = this.#known.get(type);
    const isOld = before?.search === null && this.#lastNumber - before.upTo > Math.max(FEW, this.#index.free);
    if (before && !isOld) return before;
    if (before) this.#forget(type, before);
    const found = new Set<T>();
    const known = { found, search: this.#index.search(type, found), upTo: this.#lastNumber, weight: 0 };
    this.#known.set(type, known);
    return known;
  }

  /** Makes room for what was found, by forgetting what is oldest. */
  #ended(known: Known<T>): void {
    known.search = null;
    known.weight = known.found.size;
    this.#weight += known.weight;
    for (const [type, other] of this.#known) {
      if (this.#known.size <= MAX_TYPES && this.#weight <= MAX_FOUND) break;
      if (other !== known) this.#forget(type, other);
    }
  }

  #forget(type: string, known: Known<T>): void {
    this.#known.delete(type);
    this.#weight -= known.weight;
  }
}

/** @returns what that cost */
function match<T extends Interest>(subscription: T, type: string, found: Set<T>): number {
  const filter = new InterestFilter(subscription);
  if (filter.wanted === null || filter.wanted(type)) found.add(subscription);
  return 1 + (subscription.asked?.length ?? 0) + (subscription.allowed?.length ?? 0);
}
