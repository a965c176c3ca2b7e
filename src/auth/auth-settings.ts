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

/** @throws an Error that names the variable and its valid values, never its value */
export function readAuthSettings(vars: AuthVariables): AuthSettings {
  const secret = secretOf(vars.REACTOR_JWT_SECRET);
  const keySet = vars.REACTOR_JWKS_URL ? keySetAt(keysUrl(vars.REACTOR_JWKS_URL)) : null;
  const audience = vars.REACTOR_JWT_AUDIENCE || null;
  const issuer = vars.REACTOR_JWT_ISSUER || null;
  return {
    keys: [vars.REACTOR_API_KEY, vars.REACTOR_API_KEY_PREVIOUS].flatMap((key) => key || []),
    tokens: secret || keySet ? { secret, keySet, audience, issuer } : null,
    channels: channelsOf(vars.CHANNELS),
  };
}

function secretOf(text: string | undefined): Uint8Array | null {
  if (!text) return null;
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

function channelsOf(list: string | undefined): Patterns {
  const patterns = parseChannelPatterns(parseList(list));
  if (patterns.ok) return patterns.value;
  throw new Error(`CHANNELS must be patterns of channels such as main,room-*, comma-separated, not "${list}".`);
}
