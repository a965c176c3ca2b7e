// `npm run bench`: measures Reactor beside a control, and reports which targets it meets.
import { existsSync, readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, platform } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { BUILT_WORKER, buildIfStale } from "../tools/dev/built-worker.ts";
import { startProgress } from "../tools/progress.ts";
import { keepStateIn } from "../tools/workerd/bare-workerd.ts";
import { compareBuilds, LOADS } from "./against.ts";
import type { Bench, Finding } from "./bench.ts";
import { watchOtherLoad } from "./other-load.ts";
import { linesOf } from "./report.ts";
import { BENCHES, SETS } from "./rows.ts";
import { connectAsBrowsers } from "./stage.ts";
import { verdictOf } from "./verdict.ts";

/** The benches that can compare two builds. */
const COMPARABLE = BENCHES.filter(({ name, comparesBuilds }) => name in LOADS || comparesBuilds).map(
  ({ name }) => name,
);

const USAGE = `Measures the built hub in a bare workerd, beside a control in the same run.

npm run bench -- [NAME …] [options]
  --rounds N    how many times each is measured, in turns  (3; with --against or a set of benches 5)
  --seconds N   how long a load lasts in a round  (2)
  --worker FILE measures this built Worker instead of the one of this tree
  --state DIR   where hubs store their data  (node_modules/.cache/bench)
  --against FILE
                compares the Worker with another build of it, round by round and without the controls:
                ${COMPARABLE.join(", ")}
  --rate N      events per second that are due, for the bench open
  --offer       subscribers connect as browsers do: they offer permessage-deflate, and reactor.v1.deflate to Reactor
  --json        prints the figures of all rounds as JSON, and nothing else

${BENCHES.map(({ name, question }) => `  ${name.padEnd(16)}${question}`).join("\n")}
${Object.entries(SETS)
  .map(([name, set]) => `  ${name.padEnd(16)}${set.map((bench) => bench.name).join(", ")}`)
  .join("\n")}

A missed target is printed as MISSED. Exit code 1: a bench could not be measured or, with --against, a target was missed.`;

/** Share of all cores that other processes use. */
const TOO_BUSY = 0.1;

interface Outcome {
  readonly bench: Bench;
  /** Share of the machine that other processes used meanwhile. */
  readonly others: number;
  readonly findings: readonly Finding[];
  readonly error: string | null;
}

function readOptions() {
  try {
    const { values, positionals: asked } = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: "string" },
        seconds: { type: "string", default: "2" },
        worker: { type: "string" },
        state: { type: "string" },
        against: { type: "string" },
        rate: { type: "string" },
        json: { type: "boolean", default: false },
        offer: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit();
    }
    const { against, worker } = values;
    for (const file of [worker, against]) if (file !== undefined) checkWorker(file);
    const positionals = asked.flatMap((name) => SETS[name]?.map((bench) => bench.name) ?? [name]);
    const isMany = against !== undefined || asked.some((name) => name in SETS);
    const [rounds, seconds] = [Number(values.rounds ?? (isMany ? 5 : 3)), Number(values.seconds)];
    if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds must be a whole number from 1");
    if (!(seconds > 0)) throw new Error("--seconds must be a number above 0");
    const unknown = positionals.find((name) => !BENCHES.some((bench) => bench.name === name));
    if (unknown) throw new Error(`there is no bench ${unknown}`);
    const rate = values.rate === undefined ? undefined : Number(values.rate);
    if (rate !== undefined && !(rate > 0)) throw new Error("--rate must be a number above 0");
    if ((rate === undefined) === positionals.includes("open")) throw new Error("open and --rate go together");
    if (values.state) keepStateIn(resolve(values.state));
    if (values.offer) connectAsBrowsers();
    const notComparable = positionals.find((name) => !COMPARABLE.includes(name));
    if (against && notComparable) throw new Error(`${notComparable} cannot be compared with another build`);
    const isAsked = ({ name, isOnRequest = false }: Bench) =>
      positionals.length === 0 ? !isOnRequest && (!against || COMPARABLE.includes(name)) : positionals.includes(name);
    const benches = BENCHES.filter(isAsked);
    return { benches, rounds, seconds, worker, against, rate, json: values.json, offers: values.offer };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(1);
  }
}

/** @throws an Error if `file` is not a built Worker: workerd's own message would be obscure */
function checkWorker(file: string): void {
  if (!existsSync(file)) throw new Error(`there is no file ${file}`);
  if (!/\bHub\b[^;]*\bexport|export\s*\{[^}]*\bHub\b/.test(readFileSync(file, "utf8"))) {
    throw new Error(`${file} is not a built Worker of this project: it exports no Hub`);
  }
}

const { benches, rounds, seconds, worker = BUILT_WORKER, against, rate, json, offers } = readOptions();
if (worker === BUILT_WORKER) await buildIfStale();
const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? "?"}, ${platform()} ${arch()}`;
const total = benches.reduce((sum, { takesSeconds }) => sum + takesSeconds, 0);
const bar = startProgress(total, process.stderr);
const outcomes: Outcome[] = [];
let before = 0;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));

if (!json) console.log(machine);
for (const bench of benches) {
  const { name, takesSeconds } = bench;
  const progress = (share: number, note: string) =>
    bar.show(Math.round(before + share * takesSeconds), `s of work  ${name}: ${note}`);
  const othersShare = watchOtherLoad();
  const run = { rounds, seconds, worker, progress, offers, ...(against && { other: against }), ...(rate && { rate }) };
  const load = LOADS[name];
  const measuring = against && load ? compareBuilds(load, { worker, other: against }, run) : bench.run(run);
  const outcome = await measuring.then(
    (findings) => ({ findings, error: null }),
    (error: Error) => ({ findings: [], error: error.stack ?? error.message }),
  );
  const others = othersShare();
  before += takesSeconds;
  outcomes.push({ bench, others, ...outcome });
  bar.end();
  if (json) continue;
  console.log(`\n${name}: ${bench.question}`);
  for (const line of outcome.findings.flatMap(linesOf)) console.log(line);
  if (others > TOO_BUSY)
    console.log(`  Other processes used ${Math.round(100 * others)} % of the machine meanwhile: measure again.`);
  if (outcome.error) console.error(`  not measured: ${outcome.error}`);
}

const judged = outcomes.flatMap(({ bench, others, findings }) =>
  findings.map((finding) => {
    const { met, ratio, subject, control } = verdictOf(finding);
    return {
      bench: bench.name,
      what: finding.what,
      unit: finding.unit,
      target: finding.target ?? null,
      met,
      ratio,
      subject: { values: finding.subject, ...subject },
      control: finding.control ? { ...finding.control, ...control } : null,
      note: finding.note ?? null,
      others,
    };
  }),
);
if (json) console.log(JSON.stringify({ machine, rounds, seconds, findings: judged }, null, 2));
else {
  const met = judged.filter((finding) => finding.met === true).length;
  const missed = judged.filter((finding) => finding.met === false);
  console.log(`\n${met} targets met, ${missed.length} missed`);
  for (const { bench, what, control } of missed) {
    console.log(`  missed: ${bench}, ${what}${control ? ` (${control.name})` : ""}`);
  }
}
if (against && judged.some(({ met }) => met === false)) process.exitCode = 1;
const broken = outcomes.filter(({ error }) => error !== null);
for (const { bench, error } of broken) console.error(`${bench.name} was not measured: ${error?.split("\n")[0]}`);
if (broken.length > 0) process.exitCode = 1;
