// Credentials: only a key, or a token signed by this hub's secret, is accepted, and grants exactly what it says.
import fc from "fast-check";
import { base64url, CompactSign } from "jose";
import { readAuthSettings } from "../../src/auth/auth-settings.ts";
import { authenticate } from "../../src/auth/authenticate.ts";
import { mutated, mutatedText } from "./mutations.ts";
import { must, type Target } from "./target.ts";

export const SECRET = "the secret of the fuzzed hub, 32+";
export const KEY = "the-fuzzed-hub-s-key";
const settings = readAuthSettings({ REACTOR_API_KEY: KEY, REACTOR_JWT_SECRET: SECRET });

const NOW_MS = 1_795_000_000_000;
const exp = NOW_MS / 1000 + 600;
const CLAIMS = [
  `{"sub":"ada","exp":${exp},"channels":["main"],"events":["news_*"],"emit":["chat_*"]}`,
  `{"exp":${exp}}`,
  `{"sub":"ada","exp":${exp},"nbf":1,"aud":["a"],"channels":["*"],"events":[],"emit":[]}`,
];
const HEADERS = ['{"alg":"HS256","typ":"JWT"}', '{"alg":"none"}', '{"alg":"RS256","kid":"1","jwk":{}}'];

export function signed(claims: Uint8Array, secret = SECRET): Promise<string> {
  return new CompactSign(claims).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(secret));
}

/** The claims of a valid token. */
export const GOOD_CLAIMS = '{"sub":"ada","exp":4000000000,"emit":["chat_*"]}';

async function refuseForgery(header: Uint8Array, claims: Uint8Array, signature: Uint8Array): Promise<void> {
  const token = [header, claims, signature].map((part) => base64url.encode(part)).join(".");
  const rights = await authenticate(token, settings, "main", NOW_MS);
  must(!rights.ok && rights.problem.code === "unauthorized", "a forged token is refused");
}

async function refuseText(text: string): Promise<void> {
  const rights = await authenticate(text, settings, "main", NOW_MS);
  must(rights.ok === (text === KEY), "what is neither key nor token is refused");
}

/** Signed by the hub's own secret: an operator's mistake, or a backend that lets its users write claims. */
async function readClaims(claims: Uint8Array): Promise<void> {
  const rights = await authenticate(await signed(claims), settings, "main", NOW_MS);
  if (!rights.ok) {
    must(/^(unauthorized|forbidden)$/.test(rights.problem.code), "malformed claims are a refusal");
    return;
  }
  const { sub, hear, emit, expiresMs } = rights.value;
  must(expiresMs !== null && expiresMs > NOW_MS && expiresMs <= 8.65e15, "every token expires");
  must(sub === null || (sub !== "" && sub.length <= 251), "a `sub` has a valid length");
  must(sub !== null || emit?.length === 0, "without `sub` nothing may be emitted");
  for (const patterns of [hear, emit]) {
    must(patterns === null || patterns.every((pattern) => /^[^\p{Cc}\p{Cs},]+$/u.test(pattern)), "patterns are valid");
  }
  const written = JSON.parse(new TextDecoder().decode(claims));
  for (const [claim, given] of [
    ["events", hear],
    ["emit", emit],
  ] as const) {
    if (Object.hasOwn(written, claim) && !written[claim].some((pattern: string) => /^\*+$/.test(pattern))) {
      must(
        JSON.stringify(given) === JSON.stringify([...new Set(written[claim])].sort()),
        "rights are those of the claim",
      );
    }
  }
}

export const TOKEN_TARGETS: readonly Target[] = [
  {
    name: "forged tokens",
    share: 6,
    property: fc.asyncProperty(mutated(HEADERS), mutated(CLAIMS), fc.uint8Array({ maxLength: 40 }), refuseForgery),
  },
  { name: "credentials", share: 3, property: fc.asyncProperty(mutatedText([KEY, "a.b.c", "e30.e30.e30"]), refuseText) },
  { name: "claims", share: 5, property: fc.asyncProperty(mutated(CLAIMS), readClaims) },
];
