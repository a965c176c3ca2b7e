// The rights of a client: which types it may hear and emit, and until when. `auth` derives them from a key or a token.
import { MAX_NAME_BYTES } from "../../wire/limits.ts";
import type { Patterns } from "../../wire/pattern.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { matchesType } from "../../wire/type-match.ts";
import { utf8Bytes } from "../../wire/utf8.ts";

import type { TokenIdentity } from "./revocations.ts";

/** Of a client in one channel. Patterns: `null` allows everything, an empty set nothing. */
export interface Rights extends TokenIdentity {
  /** The token's `sub`; `null` for a key or an anonymous client. */
  readonly sub: string | null;
  readonly hear: Patterns;
  readonly emit: Patterns;
  /** When they end, as Unix time in ms, clock tolerance included; `null`: never. */
  readonly expiresMs: number | null;
}

/** Of a key. */
export const EVERYTHING: Rights = { sub: null, hear: null, emit: null, expiresMs: null };

/** Of an anonymous client, where reading is open. */
export const LISTENING: Rights = { sub: null, hear: null, emit: [], expiresMs: null };

const SENDER_PREFIX = "user:";

/** The longest `sub` whose `source` is within its limit, in bytes of UTF-8. */
export const MAX_SUB_BYTES = MAX_NAME_BYTES - utf8Bytes(SENDER_PREFIX);

export function mayHear({ hear }: Rights, type: string): boolean {
  return includes(hear, type);
}

/** @returns nothing, or `forbidden` with the first of `types` that is not allowed, and its pointer */
export function checkEmit({ emit }: Pick<Rights, "emit">, types: readonly string[]): Result<void> {
  const index = types.findIndex((type) => !includes(emit, type));
  if (index === -1) return ok(undefined);
  return err(
    "forbidden",
    `These rights do not let you emit ${JSON.stringify(types[index])}.`,
    types.length > 1 ? `/${index}` : "",
  );
}

/** Whether they allow any type to be emitted. */
export function maySpeak({ emit }: Rights): boolean {
  return emit === null || emit.length > 0;
}

/** The `source` of their events, whatever the event says; `undefined`: the event's own (but not `user:…`). */
export function senderOf({ sub }: Pick<Rights, "sub">): string | undefined {
  return sub === null ? undefined : SENDER_PREFIX + sub;
}

/** Whether the name of a type or a channel matches a set of patterns. */
export function includes(patterns: Patterns, name: string): boolean {
  return patterns === null || patterns.some((pattern) => matchesType(pattern, name));
}
