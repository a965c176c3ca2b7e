// Tokens: JWTs (RFC 7519) that a backend or an identity provider has signed.
import { errors, jwtVerify } from "jose";
import { errorText } from "../core/printable.ts";
import { err, type Result } from "../wire/problem.ts";
import { TOKEN_EXPIRED, TOKEN_NOT_YET_VALID } from "../wire/token-refusal.ts";
import type { TokenSettings } from "./auth-settings.ts";
import { CLOCK_TOLERANCE_SECONDS, checkNotBefore, readClaims, type TokenRights } from "./claims.ts";
import { KeysUnavailable } from "./key-set.ts";

/** Fits a URL, a header and a frame. It is checked before anything is parsed. */
const MAX_TOKEN_BYTES = 8 * 1024;

/** The token does not choose its algorithm: each algorithm has one kind of key here. */
const SYMMETRIC = ["HS256"];
const ASYMMETRIC = ["RS256", "ES256", "EdDSA", "Ed25519"]; // the last two are one, before and since RFC 9864

/** @returns its rights, or `unauthorized` with the reason, or `keys_unavailable` */
export async function readToken(text: string, settings: TokenSettings, nowMs: number): Promise<Result<TokenRights>> {
  const { secret, keySet, audience, issuer } = settings;
  if (text.length > MAX_TOKEN_BYTES) {
    return err("unauthorized", `A token has at most ${MAX_TOKEN_BYTES} bytes, and this one has ${text.length}.`);
  }
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return unreadable();
  const algorithms = [...(secret ? SYMMETRIC : []), ...(keySet ? ASYMMETRIC : [])];
  try {
    const { payload } = await jwtVerify(
      text,
      (header) => {
        if (header.alg === "HS256" && secret) return secret;
        if (header.alg !== "HS256" && keySet) return keySet.keyFor(header, nowMs);
        throw new errors.JOSEAlgNotAllowed();
      },
      {
        algorithms,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(nowMs),
        requiredClaims: ["exp"],
        ...(audience !== null && { audience }),
        ...(issuer !== null && { issuer }),
      },
    );
    return readClaims(payload);
  } catch (error) {
    return refusalOf(error, algorithms);
  }
}

/** Says why a token is invalid, and nothing of its content. */
function refusalOf(error: unknown, algorithms: readonly string[]): ReturnType<typeof err> {
  if (error instanceof KeysUnavailable) {
    return err("keys_unavailable", "Signing keys are temporarily unavailable: retry later.");
  }
  if (error instanceof errors.JWTExpired) return err("unauthorized", `${TOKEN_EXPIRED}: send a fresh one.`);
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason, payload } = error;
    if (reason === "missing") return err("unauthorized", `The token has no claim "${claim}".`);
    if (claim === "nbf" && reason === "check_failed") {
      const notBefore = checkNotBefore(payload.nbf);
      return notBefore.ok ? err("unauthorized", `${TOKEN_NOT_YET_VALID}.`) : notBefore;
    }
    return err("unauthorized", `The token's claim "${claim}" is not what this hub expects.`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return err("unauthorized", `Tokens for this hub are signed with ${algorithms.join(", ")}.`);
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return err("unauthorized", 'Several keys may have signed the token: its header needs a "kid".');
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) {
    return err("unauthorized", "The token is not signed with a key that this hub knows.");
  }
  if (error instanceof errors.JOSEError) return unreadable();
  console.error("A key of this hub cannot verify tokens.", errorText(error)); // too short a one in the key set, for instance
  return err("unauthorized", "The token is signed with a key that this hub cannot use.");
}

function unreadable() {
  return err("unauthorized", "The credential is neither a key of this hub nor a JWT.");
}
