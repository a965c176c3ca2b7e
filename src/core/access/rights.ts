// What somebody may: hear, emit, and for how long. `auth` makes it of a key or a token; doors and hubs hold to it.
import { MAX_NAME_BYTES } from "../../wire/limits.ts";
import type { Patterns } from "../../wire/pattern.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { utf8Bytes } from "../../wire/utf8.ts";
import { matches } from "./match.ts";

/** Of one who asks, in the channel that was asked for. Patterns: `null` is everything, an empty set nothing. */
export interface Rights {
  /** Who it is, as a token says; `null`: a key, or nobody in particular. */
  readonly sub: string | null;
  readonly hear: Patterns;
  readonly emit: Patterns;
  /** When they end, in ms since 1970, with what clocks may differ by; `null`: never. */
  readonly expiresMs: number | null;
}

/** Of who has a key. */
export const EVERYTHING: Rights = { sub: null, hear: null, emit: null, expiresMs: null };

/** Of who shows nothing, where reading is open to everyone. */
export const LISTENING: Rights = { sub: null, hear: null, emit: [], expiresMs: null };

const SENDER_PREFIX = "user:";

/** The longest `sub` whose `source` is still a name, in bytes of UTF-8. */
export const MAX_SUB_BYTES = MAX_NAME_BYTES - utf8Bytes(SENDER_PREFIX);

export function mayHear({ hear }: Rights, type: string): boolean {
  return includes(hear, type);
}

/** @returns nothing, or `forbidden` with the first of `types` that may not be emitted, and where it stood */
export function checkEmit({ emit }: Pick<Rights, "emit">, types: readonly string[]): Result<void> {
  const index = types.findIndex((type) => !includes(emit, type));
  if (index === -1) return ok(undefined);
  return err("forbidden", `These rights do not let you emit "${types[index]}".`, types.length > 1 ? `/${index}` : "");
}

/** Whether there is anything that they may emit. */
export function maySpeak({ emit }: Rights): boolean {
  return emit === null || emit.length > 0;
}

/** The `source` of what they emit, whatever it says of itself; `undefined`: it may say (but not `user:…`). */
export function senderOf({ sub }: Pick<Rights, "sub">): string | undefined {
  return sub === null ? undefined : SENDER_PREFIX + sub;
}

/** Whether a name, of a type or of a channel, is in a set of patterns. */
export function includes(patterns: Patterns, name: string): boolean {
  return patterns === null || patterns.some((pattern) => matches(pattern, name));
}
