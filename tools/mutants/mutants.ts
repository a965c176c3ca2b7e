// `npm run mutants`: breaks the code on purpose, one place at a time, in a copy, and checks that the tests fail.
import { parseArgs } from "node:util";
import { ProjectCopy, type TestRun } from "./mutants-copy.ts";
import { MUTANTS, type Mutant } from "./mutants-list.ts";

const USAGE = `Breaks the code in ${MUTANTS.length} places, one at a time, in a copy of the project, and runs the tests that must fail.

npm run mutants -- [options]
  --only NAME   tries only the mutants whose name begins with NAME
  --from NAME   tries that mutant and those after it in the list
  --list        lists the mutants and what each breaks, and tries none

Exit code 1: a mutant survived or does not type-check, or the tests fail without one.`;

function readOptions(): { readonly mutants: readonly Mutant[]; readonly list: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string", default: "" },
        from: { type: "string" },
        list: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit();
    }
    const first = values.from === undefined ? 0 : MUTANTS.findIndex(({ name }) => name === values.from);
    if (first === -1) throw new Error(`No mutant is called "${values.from}".`);
    const mutants = MUTANTS.slice(first).filter(({ name }) => name.startsWith(values.only));
    if (mutants.length === 0) throw new Error(`No mutant is called "${values.only}".`);
    return { mutants, list: values.list };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(1);
  }
}

/** @returns how many survived */
async function tryAll(mutants: readonly Mutant[], copy: ProjectCopy, stop: AbortSignal): Promise<number> {
  await copy.compile();
  const control = await copy.test([...new Set(mutants.flatMap(({ tests }) => tests))], stop);
  if (control.failed.length > 0 || control.passed === 0) {
    throw new Error(`The tests fail without a mutant:\n${control.output}`);
  }
  console.log(`${control.passed} tests pass without a mutant.`);
  const width = Math.max(...mutants.map(({ name }) => name.length));
  let survivors = 0;
  for (const mutant of mutants) {
    const run = await copy.with(mutant, async () => {
      const errors = await copy.typeErrors(mutant.file);
      if (errors !== "") throw new Error(`${mutant.name} does not type-check, so any test would catch it:\n${errors}`);
      const run = await copy.test(mutant.tests, stop, mutant.rule);
      return run.failed.length > 0 ? run : copy.test(mutant.tests, stop); // does any other test fail?
    });
    const catcher = run.failed.find((name) => name.includes(`[${mutant.rule}]`));
    if (catcher === undefined) survivors++;
    console.log(`${mutant.name.padEnd(width)}  ${catcher ? `caught by ${catcher}` : survived(mutant, run)}`);
  }
  return survivors;
}

function survived({ breaks, rule, tests }: Mutant, { passed, failed, output }: TestRun): string {
  if (passed + failed.length === 0) return `BREAKS too much: no test ran:\n${output}`;
  const others = failed.length > 0 ? `; caught only by ${failed[0]}` : "";
  return `SURVIVED the tests of ${rule} in ${tests.join(", ")}: ${breaks}${others}`;
}

const { mutants, list } = readOptions();
if (list) {
  for (const { name, breaks, file } of mutants) console.log(`${name} (${file}): ${breaks}`);
  process.exit();
}
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
const began = performance.now();
const copy = await ProjectCopy.make();
try {
  const survivors = await tryAll(mutants, copy, stop.signal);
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`${mutants.length - survivors} of ${mutants.length} mutants caught, in ${seconds} s`);
  if (survivors > 0) process.exitCode = 1;
} catch (error) {
  console.error(stop.signal.aborted ? "Stopped." : (error as Error).message);
  process.exitCode = stop.signal.aborted ? 130 : 1;
} finally {
  await copy.remove();
}
