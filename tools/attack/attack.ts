// `npm run attack`: attacks the built hub where a bound of docs/limits.md holds, and reports what it costs beside a control.
import { parseArgs } from "node:util";
import { BUILT_WORKER, buildIfStale } from "../dev/built-worker.ts";
import { ATTACKS, type Attack } from "./attack-list.ts";
import { type Outcome, runAttack } from "./attack-run.ts";
import type { Reading } from "./attack-target.ts";

const USAGE = `Attacks the built hub, each time in a fresh workerd, and once more with the same traffic without what makes it an attack.
Reports the memory of both, what an emit beside the attack waits, and whether the difference is within the bound of docs/limits.md.
It reads /proc: Linux only.

npm run attack -- [options]
  --only NAME   only this attack: ${ATTACKS.map(({ name }) => name).join(", ")}
  --scale N     a part of each attack, such as 0.5; a small one may not reach its bound, and then proves nothing  (1)
  --worker FILE another build of the Worker, such as one without a bound  (this one)

One that is over is tried again, twice at most: garbage that a busy machine collects late counts, too.

Exit code 1: an attack cost more than its bound allows each time, or ended the hub.`;

const MOST_TRIES = 3;

interface Options {
  readonly attacks: readonly Attack[];
  readonly scale: number;
  readonly worker: string;
}

function readOptions(): Options {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      options: { only: text, scale: text, worker: text, help: { type: "boolean", default: false } },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit();
    }
    const scale = Number(values.scale ?? 1);
    if (!(scale > 0 && scale <= 1)) throw new Error(`--scale must be above 0 and at most 1, not "${values.scale}"`);
    const attacks = ATTACKS.filter(({ name }) => values.only === undefined || name === values.only);
    if (attacks.length === 0) throw new Error(`there is no attack "${values.only}"`);
    return { attacks, scale, worker: values.worker ?? BUILT_WORKER };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(1);
  }
}

const mb = (bytes: number) => (Number.isFinite(bytes) ? (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0) : "died");

/** p50 and the longest. */
function waitsOf({ waits, hasDied }: Reading): string {
  if (hasDied) return "died";
  const sorted = waits.toSorted((a, b) => a - b);
  return `${Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)} / ${Math.round(sorted.at(-1) ?? 0)}`;
}

const COLUMNS = ["attack", "rule", "sent", "before", "peak", "held", "emit p50 / max", "excess of", "bound", "verdict"];
const WIDTHS = [18, 9, 14, 14, 14, 14, 25, 14, 12, 7];

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0))
    .join(" ")
    .trimEnd();
}

function print({ attack, control, attacked, excess, isWithin }: Outcome): void {
  const both = (value: (reading: Reading) => number) => `${mb(value(attacked))} (${mb(value(control))})`;
  const cells = [
    attack.name,
    attack.rule,
    both(({ sent }) => sent),
    both(({ before }) => before),
    both(({ peak }) => peak),
    both(({ held, heldBefore }) => held - heldBefore),
    `${waitsOf(attacked)} (${waitsOf(control)}) ms`,
    `${mb(excess)} ${attack.measure}`,
    mb(attack.bound),
    isWithin ? "within" : "OVER",
  ];
  console.log(row(cells));
}

const { attacks, scale, worker } = readOptions();
if (worker === BUILT_WORKER) await buildIfStale();
console.log("MB; of the control in brackets\n");
console.log(row(COLUMNS));
const over: Outcome[] = [];
for (const attack of attacks) {
  let outcome = await runAttack(attack, scale, worker);
  print(outcome);
  for (let tries = 1; tries < MOST_TRIES && !outcome.isWithin && !outcome.attacked.hasDied; tries++) {
    outcome = await runAttack(attack, scale, worker);
    print(outcome);
  }
  if (!outcome.isWithin) over.push(outcome);
}
for (const { attack, attacked, excess, allowed } of over) {
  const ended = `ended the hub, whose heap has 128 MB: ${attack.what}.`;
  const cost = `cost ${mb(excess)} MB more than its control, of ${mb(allowed)} allowed: ${attack.what}.`;
  console.error(`\n${attack.name} ${attacked.hasDied ? ended : cost}`);
}
if (over.length > 0) process.exitCode = 1;
