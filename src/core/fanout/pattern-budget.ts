// The total of all patterns: each socket has few, and 30,000 sockets with as many as each may have would take eight times the memory
// that a hub has.
import { MAX_ALL_PATTERNS_BYTES } from "../../wire/limits.ts";
import { utf8Bytes } from "../../wire/utf8.ts";
import type { Interest } from "../access/match.ts";

/** Of a pattern of one socket, beside its text: a string, and its place in an array. */
const PER_PATTERN = 32;

/** Of a pattern by which a subscription is found, beside its text: its pieces, and entries in three maps (measured). */
const PER_INDEXED = 160;

/** Why a socket may not have its patterns. */
export const TOO_MANY_PATTERNS =
  "The patterns of all connections of this channel take as much as it has for them: ask for fewer, or come back later.";

/** Equal patterns and rights. */
interface Shared extends Interest {
  readonly key: string;
  /** What they take once, for all its sockets, in bytes. */
  readonly once: number;
  /** What they take for each socket. */
  readonly each: number;
  sockets: number;
}

export class PatternBudget<S extends object> {
  readonly #max: number;
  readonly #shared = new Map<string, Shared>();
  readonly #sharedBy = new Map<S, Shared>();
  #bytes = 0;

  constructor(max = MAX_ALL_PATTERNS_BYTES) {
    this.#max = max;
  }

  /** What the patterns of all sockets take, about. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a socket may have these patterns instead of those that it has: always, where they take no more than those. */
  hasRoomFor(socket: S, interest: Interest): boolean {
    if (isEverything(interest)) return true;
    const key = keyOf(interest);
    const known = this.#shared.get(key);
    const { each, once } = known ?? weigh(interest, key);
    const has = this.#sharedBy.get(socket);
    const freed = has ? has.each + (has.sockets === 1 ? has.once : 0) : 0;
    const added = has && has === known ? freed : each + (known ? 0 : once);
    return added <= freed || this.#bytes - freed + added <= this.#max;
  }

  /** Counts the patterns of a socket instead of those that it had. */
  set(socket: S, interest: Interest): void {
    const has = this.#sharedBy.get(socket);
    if (has && has.asked === interest.asked && has.allowed === interest.allowed) return;
    this.delete(socket);
    if (isEverything(interest)) return;
    const key = keyOf(interest);
    let shared = this.#shared.get(key);
    if (!shared) {
      shared = weigh(interest, key);
      this.#shared.set(key, shared);
      this.#bytes += shared.once;
    }
    shared.sockets += 1;
    this.#bytes += shared.each;
    this.#sharedBy.set(socket, shared);
  }

  delete(socket: S): void {
    const shared = this.#sharedBy.get(socket);
    if (!shared) return;
    this.#sharedBy.delete(socket);
    this.#bytes -= shared.each;
    shared.sockets -= 1;
    if (shared.sockets > 0) return;
    this.#shared.delete(shared.key);
    this.#bytes -= shared.once;
  }
}

const isEverything = ({ asked, allowed }: Interest) => asked === null && allowed === null;

const keyOf = ({ asked, allowed }: Interest) => JSON.stringify([asked, allowed]);

/**
 * A socket has its text twice, in memory and in its attachment, and all that share it have it twice more, as the keys of their
 * subscription.
 */
function weigh({ asked, allowed }: Interest, key: string): Shared {
  const text = utf8Bytes(key);
  const patterns = (asked?.length ?? 0) + (allowed?.length ?? 0);
  const [each, once] = [2 * text + PER_PATTERN * patterns, 2 * text + PER_INDEXED * patterns];
  return { asked, allowed, key, each, once, sockets: 0 };
}
