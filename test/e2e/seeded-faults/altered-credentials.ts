// Faults in who a client is: the credentials that the hub knows, and what it reads from those that are presented.
import { createHmac } from "node:crypto";
import { type Claims, claimsOf, signToken, type TokenSettings } from "../../../tools/conformance/tokens.ts";
import type { Fault, Presentation } from "../faulty-hub.ts";

export const KEY = "dev-key";
export const TOKENS: TokenSettings = {
  secret: "the secret of the hub under test, of some length",
  audience: "conformance",
  issuer: "https://id.test",
};

export const HOUR_S = 3_600;

/** Unix time in s. */
export const now = () => Math.floor(Date.now() / 1_000);

/** Whether it has a header and claims, whatever its signature. */
export function isToken(presented: string | null): presented is string {
  if (presented?.split(".").length !== 3) return false;
  try {
    return Boolean(headerOf(presented) && claimsOf(presented));
  } catch {
    return false;
  }
}

export function headerOf(token: string): { alg?: string } {
  return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
}

export function isGenuine(token: string): boolean {
  const [header, claims, signature] = token.split(".");
  const expected = createHmac("sha256", TOKENS.secret).update(`${header}.${claims}`).digest("base64url");
  return signature === expected;
}

export const sign = (claims: Claims) => signToken(TOKENS, claims);

/** The hub reads other claims from a token: those that `change` returns; `undefined`: the real ones. */
export function reads(
  change: (claims: Claims, presentation: Presentation, token: string) => Claims | undefined,
  trusts: (token: string) => boolean = isGenuine,
): Fault {
  return {
    async credential(presented, presentation) {
      if (!isToken(presented) || !trusts(presented)) return undefined;
      const claims = claimsOf(presented) as Claims;
      const changed = change(claims, presentation, presented);
      return changed && sign({ sub: undefined, channels: undefined, ...claims, ...changed });
    },
  };
}

/** The hub replaces the credential that is presented; `undefined`: it does not. */
export const replaces = (credential: NonNullable<Fault["credential"]>): Fault => ({ credential });

export const isHistory = ({ path, dialect }: Presentation) => dialect === undefined && path === "/api/events";
