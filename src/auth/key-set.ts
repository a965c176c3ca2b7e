// The public keys that tokens are signed with, fetched from a URL (RFC 7517) and cached. A token may name any key, so tokens
// must not cause a fetch each.

import { createLocalJWKSet, errors, type JSONWebKeySet, type JWSHeaderParameters } from "jose";
import { errorText } from "../core/printable.ts";
import { SteadyClock } from "../core/steady-clock.ts";

/** How long keys are fresh. */
const FRESH_MS = 10 * 60_000;

/** How long keys are served stale while the provider is down. */
const STALE_MS = 60 * 60_000;

/** The minimum time between fetches, however many tokens name unknown keys. */
const FLOOR_MS = 30_000;

/** The same before the first keys: until then no token is accepted. */
const FIRST_FLOOR_MS = 2_000;

const TIMEOUT_MS = 5_000;

/** No keys are available; the token may be valid. */
export class KeysUnavailable extends Error {}

type FindKey = ReturnType<typeof createLocalJWKSet>;

export class KeySet {
  readonly #fetchKeys: () => Promise<unknown>;
  /** All times below are its. */
  readonly #clock = new SteadyClock();
  #find: FindKey | null = null;
  #fetchedMs = 0;
  #asking: { readonly keys: Promise<void>; readonly sinceMs: number } | null = null;
  /** When the next fetch is allowed. */
  #nextMs = 0;

  constructor(fetchKeys: () => Promise<unknown>) {
    this.#fetchKeys = fetchKeys;
  }

  /**
   * @param wallMs Unix time in ms
   * @throws JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported, or KeysUnavailable
   */
  async keyFor(header: JWSHeaderParameters, wallMs: number): Promise<CryptoKey> {
    const nowMs = this.#clock.at(wallMs);
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

  /** Fetches the keys, or waits for the fetch in progress, unless the last one was too recent. Never rejects. */
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
    await within(TIMEOUT_MS, this.#asking.keys); // the request that began the fetch may be gone, and its answer with it
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

/** One per URL in an isolate: hubs come and go, and need not fetch again. */
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
