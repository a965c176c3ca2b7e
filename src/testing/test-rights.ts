// What `authenticate` of a test says, as the hub's rights.
import { EVERYTHING, LISTENING, type Rights } from "../core/access/rights.ts";
import { type Patterns, parsePatterns } from "../wire/pattern.ts";
import { err, ok, type Result } from "../wire/problem.ts";
import type { TestHubOptions, TestRights } from "./test-hub.ts";

/** That of `npm start`. */
export const TEST_KEY = "dev-key";

export async function authenticateInTest(
  authenticate: TestHubOptions["authenticate"],
  credential: string | null,
  channel: string,
): Promise<Result<Rights>> {
  if (credential === TEST_KEY) return ok(EVERYTHING);
  if (!authenticate) {
    const why = "This test hub takes no tokens: give `createTestHub` the option `authenticate`.";
    return credential === null ? ok(LISTENING) : err("unauthorized", why);
  }
  const rights = await authenticate(credential, channel);
  return rights === null ? err("unauthorized", "`authenticate` has refused the token.") : ok(rightsOf(rights));
}

function rightsOf({ sub, events, emit = [], expiresMs }: TestRights): Rights {
  const hear = events === undefined ? null : patternsOf("events", events);
  const may = patternsOf("emit", emit);
  return { sub: sub ?? null, hear, emit: may, expiresMs: expiresMs ?? null };
}

/** An empty list allows nothing. @throws TypeError for a pattern that is none */
function patternsOf(name: string, patterns: readonly string[]): Patterns {
  if (patterns.length === 0) return [];
  const parsed = parsePatterns(patterns);
  if (!parsed.ok) throw new TypeError(`\`${name}\` of the rights: ${parsed.problem.detail}`);
  return parsed.value;
}
