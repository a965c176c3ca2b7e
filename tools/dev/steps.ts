// The steps of `npm test` and `npm run check`: each is a program of an installed package and its arguments.
import { type Ended, programFile, QUIET_WRANGLER, type RunOptions, runProgram } from "../program.ts";

export interface Step {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Read by .ci/run, which prints its counts. */
const VITEST_REPORT = ".cache/vitest.json";

export const BUILD: Step = {
  name: "build",
  program: programFile("wrangler"),
  args: ["deploy", "--dry-run", "--outdir", "dist/worker"],
  env: QUIET_WRANGLER,
};

export const TEST: Step = {
  name: "test",
  program: programFile("vitest"),
  args: ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${VITEST_REPORT}`],
};

export function runStep({ program, args, env = {} }: Step, options: Pick<RunOptions, "capture"> = {}): Promise<Ended> {
  return runProgram(program, args, { ...options, env });
}

/**
 * Builds, and runs one file of e2e tests, with variables that ask it for more than `npm test` does.
 * @returns the exit code
 */
export async function runTestFile(file: string, env: Readonly<Record<string, string>>): Promise<number> {
  const built = await runStep(BUILD, { capture: true });
  if (built.code !== 0) {
    console.error(built.output);
    return built.code;
  }
  const args = ["run", "--project", "e2e", file, ...process.argv.slice(2)];
  return (await runStep({ ...TEST, args, env })).code;
}
