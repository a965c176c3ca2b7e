// Matches event types against patterns: those that a subscriber asked for, and those that its rights allow.
import { MAX_PATTERNS_BYTES } from "../../wire/limits.ts";
import type { Patterns } from "../../wire/pattern.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { fits, type Pieces, piecesOf } from "../../wire/type-match.ts";
import { utf8Bytes } from "../../wire/utf8.ts";

/** The patterns that a subscriber asked for and that its rights allow. It hears the types that match both. */
export interface Interest {
  readonly asked: Patterns;
  readonly allowed: Patterns;
}

/** Checks that the patterns fit the socket's attachment. @returns them, or `bad_pattern` */
export function checkInterest(interest: Interest): Result<Interest> {
  const bytes = utf8Bytes(JSON.stringify([interest.asked, interest.allowed]));
  if (bytes <= MAX_PATTERNS_BYTES) return ok(interest);
  return err("bad_pattern", `Patterns may take ${MAX_PATTERNS_BYTES} bytes; these take ${bytes}.`);
}

/** A set of patterns, prepared for many types. */
export class Matcher {
  readonly #matchesAll: boolean;
  readonly #literals: ReadonlySet<string>;
  readonly #starred: readonly Pieces[];

  constructor(patterns: Patterns) {
    this.#matchesAll = patterns === null;
    this.#literals = new Set(patterns?.filter((pattern) => !pattern.includes("*")));
    this.#starred = (patterns ?? []).filter((pattern) => pattern.includes("*")).map(piecesOf);
  }

  /** How many patterns are tried for a type: those without a star are looked up. */
  get cost(): number {
    return this.#starred.length;
  }

  matches(type: string): boolean {
    if (this.#matchesAll || this.#literals.has(type)) return true;
    return this.#starred.some((pieces) => fits(pieces, type));
  }
}

/** Whether an interest hears a type, for many events: they have few types, and each is matched once. */
export class InterestFilter {
  /** `null`: every type is heard. */
  readonly wanted: ((type: string) => boolean) | null;
  readonly #matchers: readonly Matcher[];
  readonly #known = new Map<string, boolean>();
  #cost = 0;

  constructor({ asked, allowed }: Interest) {
    this.#matchers = [new Matcher(asked), new Matcher(allowed)];
    this.wanted = asked === null && allowed === null ? null : (type) => this.#hears(type);
  }

  /** @returns how many patterns were tried since the last call */
  takeCost(): number {
    const cost = this.#cost;
    this.#cost = 0;
    return cost;
  }

  #hears(type: string): boolean {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    for (const { cost } of this.#matchers) this.#cost += cost;
    const heard = this.#matchers.every((matcher) => matcher.matches(type));
    this.#known.set(type, heard);
    return heard;
  }
}
