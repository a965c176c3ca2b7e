// Makes a token as a backend does for its user, and checks it as the hub will.
import { SignJWT } from "jose";
import { readAuthSettings } from "../../src/auth/auth-settings.ts";
import { readToken } from "../../src/auth/token.ts";
import { textsOf } from "../../src/hub/parse-variable.ts";

export interface TokenOptions {
  readonly sub: string | undefined;
  /** How long it is valid, such as `1h`, `30m` or `7d`. */
  readonly expires: string;
  /** Comma-separated patterns; absent: the claim is left out. */
  readonly channels?: string | undefined;
  readonly events?: string | undefined;
  readonly emit?: string | undefined;
}

/** Variables of the hub that will check it. */
export interface MintingVariables {
  readonly REACTOR_JWT_SECRET?: string;
  readonly REACTOR_JWT_AUDIENCE?: string;
  readonly REACTOR_JWT_ISSUER?: string;
}

/** @throws an Error whose message says what to do about it */
export async function mintToken(options: TokenOptions, vars: MintingVariables): Promise<string> {
  const texts = textsOf(vars, ["REACTOR_JWT_SECRET", "REACTOR_JWT_AUDIENCE", "REACTOR_JWT_ISSUER"]);
  const tokens = texts.REACTOR_JWT_SECRET === undefined ? null : readAuthSettings(texts).tokens;
  if (!tokens?.secret) {
    throw new Error(
      "REACTOR_JWT_SECRET is not set, so there is nothing to sign with. Make one, and start the hub again:\n\n" +
        '  echo "REACTOR_JWT_SECRET=$(openssl rand -base64 32)" >> .dev.vars',
    );
  }
  const claims = Object.entries({ channels: options.channels, events: options.events, emit: options.emit }).flatMap(
    ([claim, list]) => (list === undefined ? [] : [[claim, patternsIn(list)] as const]),
  );
  const token = new SignJWT(Object.fromEntries(claims)).setProtectedHeader({ alg: "HS256", typ: "JWT" }).setIssuedAt();
  if (options.sub !== undefined) token.setSubject(options.sub);
  if (tokens.audience !== null) token.setAudience(tokens.audience);
  if (tokens.issuer !== null) token.setIssuer(tokens.issuer);
  const text = await expiringIn(token, options.expires).sign(tokens.secret);
  const rights = await readToken(text, tokens, Date.now());
  if (!rights.ok) throw new Error(`A hub would refuse that token: ${rights.problem.detail}`);
  return text;
}

function expiringIn(token: SignJWT, span: string): SignJWT {
  try {
    return token.setExpirationTime(span);
  } catch {
    throw new Error(`--expires must be a time such as 90s, 30m, 1h or 7d, not "${span}".`);
  }
}

function patternsIn(list: string): string[] {
  return list.split(",").flatMap((item) => item.trim() || []);
}
