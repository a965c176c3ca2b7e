// `npm run conformance -- <url> --key …`: tries the rules of SPEC.md on a running Reactor, as anybody outside can.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../program.ts";
import { whyNotVisible } from "./not-visible.ts";
import { CHECKS, type Outcome, runChecks } from "./run-checks.ts";

const USAGE = `Tries the rules of SPEC.md on a running Reactor, on channels conf-… that nobody uses. Exit code 1: one is broken.

npm run conformance -- [url] [options]
  url             where the hub is        (http://localhost:8787)
  --key KEY       who may emit            ($REACTOR_API_KEY, else dev-key)
  --rule RULE     only this one, e.g. F2; may be given again
  --timeout S     seconds for each rule   (5)
  --json          the outcome as JSON`;

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
        rule: { type: "string", multiple: true, default: [] },
        timeout: { type: "string", default: "5" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const timeoutMs = Number(values.timeout) * 1_000;
    if (!(timeoutMs > 0)) throw new Error(`--timeout must be a number above 0, not "${values.timeout}"`);
    const [given = "http://localhost:8787", ...others] = positionals;
    if (others.length > 0) throw new Error("There is one url.");
    return { ...values, timeoutMs, url: new URL(given).origin };
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${USAGE}`);
  }
}

const { url, key, rule: asked, timeoutMs, json, help } = readOptions();
if (help) {
  console.log(USAGE);
  process.exit();
}
const spec = readFileSync(join(ROOT, "SPEC.md"), "utf8");
const rules = [...spec.matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map(([, rule]) => String(rule));
const unknown = asked.filter((rule) => !rules.includes(rule));
if (unknown.length > 0) fail(`SPEC.md has no rule ${unknown.join(", ")}.`);
await fetch(new URL("/health", url)).catch(() => fail(`No hub answers at ${url}.`));

const wanted = rules.filter((rule) => asked.length === 0 || asked.includes(rule));
const checks = CHECKS.filter(({ rule }) => wanted.includes(rule));
const notVisible = wanted.flatMap((rule) => {
  const why = whyNotVisible(rule);
  return why === undefined ? [] : [{ rule, why }];
});
const say = ({ rule, ok, says, why }: Outcome) =>
  console.log(ok ? `ok   ${rule} ${says}` : `FAIL ${rule} ${says}: ${why}`);
const outcomes = await runChecks({ url, key }, checks, { timeoutMs, ...(json ? {} : { onOutcome: say }) });
const failed = outcomes.filter(({ ok }) => !ok).length;
const counts = { passed: outcomes.length - failed, failed, notVisible: notVisible.length };
if (json) console.log(JSON.stringify({ url, ...counts, outcomes, unchecked: notVisible }, null, 2));
else {
  for (const [why, same = []] of Object.entries(Object.groupBy(notVisible, ({ why }) => why))) {
    console.log(`--   ${same.map(({ rule }) => rule).join(" ")} not visible from outside: ${why}`);
  }
  console.log(`\n${url}: ${counts.passed} rules kept, ${failed} broken, ${notVisible.length} not visible from outside`);
}
process.exitCode = failed > 0 ? 1 : 0;
