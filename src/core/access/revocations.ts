// Tokens that an operator has revoked in a channel: all of a `sub` that were issued before a time, or one by its `jti`. They are
// values beside the log, one each, and in memory from the first question on.
import { err, ok, type Result } from "../../wire/problem.ts";

/** Whose token it is, and which: by this it is revoked. A key and an anonymous client have nothing of it. */
export interface TokenIdentity {
  readonly sub: string | null;
  /** The claim `jti`. */
  readonly jti?: string | undefined;
  /** When it was issued (`iat`), as Unix time in ms; without it, it counts as issued before any time. */
  readonly issuedMs?: number | undefined;
}

/** What of the rights of a client says whose token it was. */
export function tokenOf({ sub, jti, issuedMs }: TokenIdentity): TokenIdentity {
  return { sub, jti, issuedMs };
}

/** What is revoked, and until when that is kept: when the last token that it concerns has expired. Unix times in ms. */
export type Revocation =
  | { readonly sub: string; readonly beforeMs: number; readonly untilMs: number }
  | { readonly jti: string; readonly untilMs: number };

/** The storage of values by key, as `log/segment-store` has it. */
export interface ValueStore {
  values(prefix: string): Iterable<readonly [key: string, value: string]>;
  setValue(key: string, value: string): void;
  deleteValue(key: string): void;
}

/** So many are kept: 4 MB of the 128 MB that a hub has, where each `sub` is as long as it may be. */
const MAX_REVOCATIONS = 10_000;

/** Why a socket is closed, or a request refused. */
export const REVOKED = "This token was revoked: sign in again for another one.";

const PREFIX = "revoked/";

/** As stored. `beforeMs`: of a `sub`. */
interface Entry {
  readonly beforeMs?: number;
  readonly untilMs: number;
}

export class Revocations {
  readonly #store: ValueStore;
  readonly #max: number;
  /** By key, without `PREFIX`; `undefined` until it is needed. */
  #entries: Map<string, Entry> | undefined;

  constructor(store: ValueStore, max = MAX_REVOCATIONS) {
    this.#store = store;
    this.#max = max;
  }

  isRevoked({ sub, jti, issuedMs }: TokenIdentity, nowMs: number): boolean {
    if (sub === null && jti === undefined) return false; // a key, or no token: nothing need be read
    const ofSub = sub === null ? undefined : this.#find(keyOf({ sub }), nowMs);
    if (ofSub?.beforeMs !== undefined && (issuedMs ?? Number.NEGATIVE_INFINITY) < ofSub.beforeMs) return true;
    return jti !== undefined && this.#find(keyOf({ jti }), nowMs) !== undefined;
  }

  /**
   * Stores a revocation; one of the same `sub` is extended. Those that are over are deleted.
   *
   * @returns how many rows were written, none where it was there; or `too_many_revocations`
   */
  add(revocation: Revocation, nowMs: number): Result<number> {
    const entries = this.#loaded();
    const key = keyOf(revocation);
    const known = this.#find(key, nowMs);
    const entry = joined(known, revocation);
    if (known && entry.untilMs === known.untilMs && entry.beforeMs === known.beforeMs) return ok(0);
    const over = [...entries].filter(([, { untilMs }]) => untilMs <= nowMs).map(([each]) => each);
    if (entries.size - over.length >= this.#max && known === undefined) {
      return err("too_many_revocations", `This channel keeps ${this.#max} revocations, and has as many.`);
    }
    for (const each of over) this.#store.deleteValue(PREFIX + each);
    this.#store.setValue(PREFIX + key, JSON.stringify(entry));
    for (const each of over) entries.delete(each);
    entries.set(key, entry);
    return ok(over.length + 1);
  }

  #find(key: string, nowMs: number): Entry | undefined {
    const entry = this.#loaded().get(key);
    return entry && entry.untilMs > nowMs ? entry : undefined;
  }

  #loaded(): Map<string, Entry> {
    this.#entries ??= new Map(
      Array.from(this.#store.values(PREFIX), ([key, value]) => [key.slice(PREFIX.length), JSON.parse(value) as Entry]),
    );
    return this.#entries;
  }
}

/** The later of both times. */
function joined(known: Entry | undefined, revocation: Revocation): Entry {
  const untilMs = Math.max(known?.untilMs ?? 0, revocation.untilMs);
  if (!("sub" in revocation)) return { untilMs };
  return { beforeMs: Math.max(known?.beforeMs ?? revocation.beforeMs, revocation.beforeMs), untilMs };
}

function keyOf(revoked: { readonly sub: string } | { readonly jti: string }): string {
  return "sub" in revoked ? `sub/${revoked.sub}` : `jti/${revoked.jti}`;
}
