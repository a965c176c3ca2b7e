// The settings of authentication: keys, tokens, and channels that are open to anonymous clients.
import { parseChannelPatterns } from "../wire/channel.ts";
import { parseList } from "../wire/list.ts";
import type { Patterns } from "../wire/pattern.ts";
import { type KeySet, keySetAt } from "./key-set.ts";

export interface AuthSettings {
  /** Each allows everything. There may be two, so that one can be replaced; none: no key is valid. */
  readonly keys: readonly string[];
  /** `null`: no token is valid, and reading is open to everyone. */
  readonly tokens: TokenSettings | null;
  /** The channels of anonymous clients and of tokens without `channels`. `null`: every channel. */
  readonly channels: Patterns;
}

export interface TokenSettings {
  /** For HS256 only. */
  readonly secret: Uint8Array | null;
  /** The public keys, for RS256, ES256 and EdDSA only. */
  readonly keySet: KeySet | null;
  /** The required `aud` and `iss`; `null`: any, or none. */
  readonly audience: string | null;
  readonly issuer: string | null;
}

export interface AuthVariables {
  readonly REACTOR_API_KEY?: string | undefined;
  readonly REACTOR_API_KEY_PREVIOUS?: string;
  readonly REACTOR_JWT_SECRET?: string;
  readonly REACTOR_JWKS_URL?: string;
  readonly REACTOR_JWT_AUDIENCE?: string;
  readonly REACTOR_JWT_ISSUER?: string;
  readonly CHANNELS?: string;
}

/** RFC 7518, 3.2: a shorter key can be guessed offline from a single token. */
const MIN_SECRET_BYTES = 32;

/** Variables that mean nothing without another one, and those of which one is needed. */
const BESIDE: readonly (readonly [name: keyof AuthVariables, needed: readonly (keyof AuthVariables)[], why: string])[] =
  [
    ["REACTOR_JWT_AUDIENCE", ["REACTOR_JWT_SECRET", "REACTOR_JWKS_URL"], "without either, reading is open to everyone"],
    ["REACTOR_JWT_ISSUER", ["REACTOR_JWT_SECRET", "REACTOR_JWKS_URL"], "without either, reading is open to everyone"],
    ["REACTOR_API_KEY_PREVIOUS", ["REACTOR_API_KEY"], "the previous key is valid during a rotation, beside a new one"],
  ];

/**
 * @param vars without white space around them; one that is not set is absent, not empty
 * @throws an Error that names the variable and its valid values, never its value
 */
export function readAuthSettings(vars: AuthVariables): AuthSettings {
  for (const [name, needed, why] of BESIDE) {
    if (vars[name] === undefined || needed.some((each) => vars[each] !== undefined)) continue;
    throw new Error(`${name} must be set together with ${needed.join(" or ")}: ${why}.`);
  }
  const { REACTOR_JWKS_URL, REACTOR_JWT_AUDIENCE, REACTOR_JWT_ISSUER } = vars;
  const secret = secretOf(vars.REACTOR_JWT_SECRET);
  const keySet = REACTOR_JWKS_URL === undefined ? null : keySetAt(keysUrl(REACTOR_JWKS_URL));
  const audience = REACTOR_JWT_AUDIENCE ?? null;
  const issuer = REACTOR_JWT_ISSUER ?? null;
  return {
    keys: (["REACTOR_API_KEY", "REACTOR_API_KEY_PREVIOUS"] as const).flatMap((name) => keyOf(name, vars[name])),
    tokens: secret || keySet ? { secret, keySet, audience, issuer } : null,
    channels: channelsOf(vars.CHANNELS),
  };
}

/** A key that a header cannot hold could never be shown. */
function keyOf(name: string, key: string | undefined): readonly string[] {
  if (key === undefined) return [];
  if (/^[!-~]+$/.test(key)) return [key];
  throw new Error(`${name} must be letters, digits and punctuation of ASCII, without a space: it is sent in a header.`);
}

function secretOf(text: string | undefined): Uint8Array | null {
  if (text === undefined) return null;
  const secret = new TextEncoder().encode(text);
  if (secret.byteLength >= MIN_SECRET_BYTES) return secret;
  throw new Error(
    `REACTOR_JWT_SECRET must have ${MIN_SECRET_BYTES} bytes or more, and has ${secret.byteLength}: \`openssl rand -base64 32\` makes one.`,
  );
}

/** Over http an attacker on the network could insert keys. */
function keysUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLocal = url?.protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url && (url.protocol === "https:" || isLocal)) return url.href;
  throw new Error("REACTOR_JWKS_URL must be an https:// address, or http:// on this machine.");
}

/** Of a list of nothing but commas every channel would be open. */
function channelsOf(list: string | undefined): Patterns {
  if (list === undefined) return null;
  const patterns = parseChannelPatterns(parseList(list));
  if (patterns.ok && patterns.value !== null) return patterns.value;
  throw new Error(`CHANNELS must be patterns of channels such as main,room-*, comma-separated, not "${list}".`);
}
