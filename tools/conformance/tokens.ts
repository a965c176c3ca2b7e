// Tokens for the hub under test: valid ones, and ones that no hub may accept.
import { base64url, CompactSign } from "jose";
import type { Json } from "./mismatch.ts";

/** The token settings of the hub's operator. */
export interface TokenSettings {
  /** REACTOR_JWT_SECRET, of at least 32 bytes. */
  readonly secret: string;
  /** REACTOR_JWT_AUDIENCE and REACTOR_JWT_ISSUER, if they are set. */
  readonly audience?: string | undefined;
  readonly issuer?: string | undefined;
}

/** A claim that is `undefined` is left out. */
export type Claims = Readonly<Record<string, unknown>>;

/** Tokens are for channels of this program only; no other channel is touched. */
const OWN_CHANNELS = ["conf-*"];

const encoder = new TextEncoder();

/** Unix time in s. */
export function nowS(): number {
  return Math.floor(Date.now() / 1_000);
}

/** @returns a token for an hour and for the channels of this program, unless `claims` say otherwise */
export function signToken(settings: TokenSettings, claims: Claims = {}, alg = "HS256"): Promise<string> {
  const { secret, audience: aud, issuer: iss } = settings;
  const all = { sub: "conf", channels: OWN_CHANNELS, exp: nowS() + 3_600, aud, iss, ...claims };
  return new CompactSign(encoder.encode(JSON.stringify(all)))
    .setProtectedHeader({ alg, typ: "JWT" })
    .sign(encoder.encode(secret));
}

/** The same signature under another header or other claims. */
export function forge(token: string, change: { readonly header?: Json; readonly claims?: Json }): string {
  const [header = "", claims = "", signature = ""] = token.split(".");
  return [changed(header, change.header), changed(claims, change.claims), signature].join(".");
}

/** An unsecured token: `alg` is `none`, without a signature (RFC 7519, section 6). */
export function unsigned(token: string): string {
  const [header = "", claims = ""] = token.split(".");
  return [changed(header, { alg: "none" }), claims, ""].join(".");
}

export function claimsOf(token: string): Json {
  return JSON.parse(new TextDecoder().decode(base64url.decode(token.split(".")[1] ?? "")));
}

function changed(part: string, change: Json): string {
  if (change === undefined) return part;
  const value = JSON.parse(new TextDecoder().decode(base64url.decode(part)));
  return base64url.encode(JSON.stringify({ ...value, ...change }));
}
