// `npm run conformance -- <url> --key …`: checks the rules of SPEC.md on a running Reactor, from outside.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../program.ts";
import { WITHOUT_SECRET, whyNotVisible } from "./not-visible.ts";
import { CHECKS, type Outcome, runChecks } from "./run-checks.ts";
import { signToken, type TokenSettings } from "./tokens.ts";

const USAGE = `Checks the rules of SPEC.md on a running Reactor, on unused channels conf-…. Exit code 1: a rule is broken.

npm run conformance -- [url] [options]
  url             of the hub                             (http://localhost:8787)
  --key KEY       its REACTOR_API_KEY                    ($REACTOR_API_KEY, else dev-key)
  --secret TEXT   its REACTOR_JWT_SECRET; rules that need tokens are skipped without it  ($REACTOR_JWT_SECRET)
  --audience AUD  its REACTOR_JWT_AUDIENCE, if it has one                                ($REACTOR_JWT_AUDIENCE)
  --issuer ISS    its REACTOR_JWT_ISSUER, if it has one                                  ($REACTOR_JWT_ISSUER)
  --rule RULE     checks only this rule, e.g. F2; may be repeated
  --timeout S     seconds per rule                       (5)
  --json          prints the outcomes as JSON`;

/** The minimum that the hub accepts (RFC 7518, 3.2). */
const MIN_SECRET_BYTES = 32;

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        key: { type: "string", default: process.env.REACTOR_API_KEY || "dev-key" },
        secret: { type: "string", default: process.env.REACTOR_JWT_SECRET || undefined },
        audience: { type: "string", default: process.env.REACTOR_JWT_AUDIENCE || undefined },
        issuer: { type: "string", default: process.env.REACTOR_JWT_ISSUER || undefined },
        rule: { type: "string", multiple: true, default: [] },
        timeout: { type: "string", default: "5" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const timeoutMs = Number(values.timeout) * 1_000;
    if (!(timeoutMs > 0)) throw new Error(`--timeout must be a number above 0, not "${values.timeout}"`);
    if (!/^[!-~]+$/.test(values.key)) throw new Error("--key must be visible ASCII, since it is sent in a header.");
    const [given = "http://localhost:8787", ...others] = positionals;
    if (others.length > 0) throw new Error("Only one url may be given.");
    if (!/^https?:\/\/./.test(given)) throw new Error(`The url must begin with http:// or https://, not "${given}".`);
    return { ...values, timeoutMs, url: new URL(given).origin, tokens: tokenSettings(values) };
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** @returns `undefined` if no tokens can be signed */
function tokenSettings(options: { secret?: string; audience?: string; issuer?: string }): TokenSettings | undefined {
  const { secret, audience, issuer } = options;
  if (secret === undefined) {
    if (audience || issuer) throw new Error("--audience and --issuer need --secret.");
    return undefined;
  }
  const bytes = Buffer.byteLength(secret);
  if (bytes < MIN_SECRET_BYTES) {
    throw new Error(`--secret must have ${MIN_SECRET_BYTES} bytes or more, and has ${bytes}.`);
  }
  return { secret, audience, issuer };
}

/** Fails at once on a credential that the hub refuses: it would break every rule that needs one. */
async function requireAccepted(what: string, credential: string): Promise<void> {
  const page = new URL("/api/events?channel=conf-credential&limit=1", url);
  const reply = await fetch(page, { headers: { Authorization: `Bearer ${credential}` } });
  if (reply.status !== 401) return;
  const { detail } = (await reply.json().catch(() => ({}))) as { detail?: string };
  fail(`${url} refuses ${what}: ${detail ?? "401"}`);
}

const { url, key, tokens, rule: asked, timeoutMs, json, help } = readOptions();
if (help) {
  console.log(USAGE);
  process.exit();
}
const spec = readFileSync(join(ROOT, "SPEC.md"), "utf8");
const rules = [...spec.matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map(([, rule]) => String(rule));
const unknown = asked.filter((rule) => !rules.includes(rule));
if (unknown.length > 0) fail(`SPEC.md has no rule ${unknown.join(", ")}.`);
await fetch(new URL("/health", url)).catch(() => fail(`No hub answers at ${url}.`));
await requireAccepted("the --key", key);
if (tokens) await requireAccepted("a token that is signed with the --secret", await signToken(tokens));

const wanted = rules.filter((rule) => asked.length === 0 || asked.includes(rule));
const possible = CHECKS.filter(({ rule }) => wanted.includes(rule));
const checks = possible.filter(({ needsSecret }) => tokens || !needsSecret);
const notChecked = [
  ...wanted.flatMap((rule) => {
    const why = whyNotVisible(rule);
    return why === undefined ? [] : [{ rule, why: `not visible from outside: ${why}` }];
  }),
  ...possible.filter((check) => !checks.includes(check)).map(({ rule }) => ({ rule, why: WITHOUT_SECRET })),
];
const print = ({ rule, ok, description, why }: Outcome) =>
  console.log(ok ? `ok   ${rule} ${description}` : `FAIL ${rule} ${description}: ${why}`);
const outcomes = await runChecks({ url, key, tokens }, checks, { timeoutMs, ...(json ? {} : { onOutcome: print }) });
const failed = outcomes.filter(({ ok }) => !ok).length;
const counts = { passed: outcomes.length - failed, failed, notChecked: notChecked.length };
if (json) console.log(JSON.stringify({ url, ...counts, outcomes, unchecked: notChecked }, null, 2));
else {
  for (const [why, same = []] of Object.entries(Object.groupBy(notChecked, ({ why }) => why))) {
    console.log(`--   ${same.map(({ rule }) => rule).join(" ")} ${why}`);
  }
  console.log(`\n${url}: ${counts.passed} rules kept, ${failed} broken, ${notChecked.length} not checked`);
}
process.exitCode = failed > 0 ? 1 : 0;
