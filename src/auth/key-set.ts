// The public keys of who signs tokens, from the address where they publish them (RFC 7517), kept and fetched anew with
// care: a stranger's token may name any key, and a storm of them must not become a storm at that address.

import { createLocalJWKSet, errors, type JSONWebKeySet, type JWSHeaderParameters } from "jose";
import { errorText } from "../core/printable.ts";

/** So long keys are good without asking again. */
const FRESH_MS = 10 * 60_000;

/** And so long where asking fails: an identity provider's bad hour is none of ours. */
const STALE_MS = 60 * 60_000;

/** However many tokens name keys that are not here, the address is asked no more often than this. */
const FLOOR_MS = 30_000;

/** Nor than this while there are no keys at all, and nobody with a token comes in. */
const FIRST_FLOOR_MS = 2_000;

const TIMEOUT_MS = 5_000;

/** There are no keys to check with, for no fault of the token's. */
export class KeysUnavailable extends Error {}

type FindKey = ReturnType<typeof createLocalJWKSet>;

export class KeySet {
  readonly #fetchKeys: () => Promise<unknown>;
  #find: FindKey | null = null;
  #fetchedMs = 0;
  #asking: { readonly keys: Promise<void>; readonly sinceMs: number } | null = null;
  /** When the address may be asked again. */
  #nextMs = 0;

  constructor(fetchKeys: () => Promise<unknown>) {
    this.#fetchKeys = fetchKeys;
  }

  /** @throws JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported, or KeysUnavailable */
  async keyFor(header: JWSHeaderParameters, nowMs: number): Promise<CryptoKey> {
    if (this.#find === null || nowMs - this.#fetchedMs >= FRESH_MS) await this.#refresh(nowMs);
    const known = this.#usable(nowMs);
    try {
      return await known(header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#refresh(nowMs);
      const fresh = this.#usable(nowMs);
      if (fresh === known) throw error;
      return await fresh(header);
    }
  }

  #usable(nowMs: number): FindKey {
    if (this.#find === null || nowMs - this.#fetchedMs >= STALE_MS) throw new KeysUnavailable("no keys");
    return this.#find;
  }

  /** Asks for the keys, or waits with whoever is asking, unless they were asked for just now. Failing is told by the keys. */
  async #refresh(nowMs: number): Promise<void> {
    if (this.#asking === null || nowMs - this.#asking.sinceMs >= TIMEOUT_MS) {
      if (nowMs < this.#nextMs) return;
      this.#nextMs = nowMs + (this.#find === null ? FIRST_FLOOR_MS : FLOOR_MS);
      const asking = { keys: this.#ask(nowMs), sinceMs: nowMs };
      this.#asking = asking;
      void asking.keys.finally(() => {
        if (this.#asking === asking) this.#asking = null;
      });
    }
    await within(TIMEOUT_MS, this.#asking.keys); // who asked may be gone, and their answer with them
  }

  async #ask(nowMs: number): Promise<void> {
    try {
      this.#find = createLocalJWKSet((await this.#fetchKeys()) as JSONWebKeySet);
      this.#fetchedMs = nowMs;
      this.#nextMs = nowMs + FLOOR_MS;
    } catch (error) {
      console.error("The keys at REACTOR_JWKS_URL could not be fetched.", errorText(error));
    }
  }
}

const known = new Map<string, KeySet>();

/** One for each address in an isolate: hubs come and go, and need not ask again. */
export function keySetAt(url: string): KeySet {
  const keySet = known.get(url) ?? new KeySet(() => fetchKeys(url));
  known.set(url, keySet);
  return keySet;
}

async function fetchKeys(url: string): Promise<unknown> {
  const reply = await fetch(url, {
    headers: { Accept: "application/jwk-set+json, application/json" },
    redirect: "manual", // keys come from the address that the operator trusts, and from no other
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (reply.status !== 200) throw new Error(`${reply.status} is not 200.`);
  return await reply.json();
}

/** Waits for `promise`, but no longer than `ms`. */
async function within(ms: number, promise: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, elapsed]);
  clearTimeout(timer);
}
