// Tokens as a backend makes them, and forged ones.
import { base64url, CompactSign } from "jose";

export const SECRET = "a secret of this hub's, for tests";
export const NOW_MS = 1_795_000_000_000;
export const NOW = NOW_MS / 1000;

/** The claims of a valid token. */
export const GOOD = { sub: "ada", exp: NOW + 60, aud: "reactor", iss: "https://id.test" };

const encoder = new TextEncoder();

/** @param claims an object, or JSON where JSON can say more @param header in addition to `alg` */
export function sign(
  claims: object | string,
  key: CryptoKey | string = SECRET,
  alg = "HS256",
  header: object = {},
): Promise<string> {
  const text = typeof claims === "string" ? claims : JSON.stringify(claims);
  return new CompactSign(encoder.encode(text))
    .setProtectedHeader({ alg, typ: "JWT", ...header })
    .sign(typeof key === "string" ? encoder.encode(key) : key);
}

/** A token of these three parts, signed or not. */
export function assemble(header: object, claims: object, signature = ""): string {
  return [JSON.stringify(header), JSON.stringify(claims), signature].map((part) => base64url.encode(part)).join(".");
}

/** Signed with SECRET by HMAC and SHA-256, whatever its header says. */
export async function signAnyway(header: object, claims: object): Promise<string> {
  const text = assemble(header, claims).slice(0, -1);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(SECRET), algorithm, false, ["sign"]);
  return `${text}.${base64url.encode(new Uint8Array(await crypto.subtle.sign(algorithm, key, encoder.encode(text))))}`;
}

/** The same token with one flipped bit in its signature. */
export function corrupt(token: string): string {
  const [header, claims, signature = ""] = token.split(".");
  const bytes = base64url.decode(signature);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return `${header}.${claims}.${base64url.encode(bytes)}`;
}
