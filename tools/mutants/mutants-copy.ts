// A copy of the project, which is broken instead of the project, and its tests, which run there.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { copyProject } from "../copy-project.ts";
import { programFile, QUIET_WRANGLER, ROOT } from "../program.ts";
import type { Mutant } from "./mutants-list.ts";
import { breakSource, RELAXED } from "./mutants-types.ts";

/** Not below node_modules, whose TypeScript no Node runs. */
const COPIES = join(ROOT, ".cache/mutants");

/** For a run that hangs: the tests of all mutants together take minutes on a busy machine. */
const MAX_RUN_MS = 600_000;

/** The part of vitest's JSON report that is read. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

export interface TestRun {
  readonly passed: number;
  /** Names of tests, not of files that could not be loaded: those prove nothing. */
  readonly failed: readonly string[];
  /** What vitest printed. */
  readonly output: string;
}

export class ProjectCopy {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<ProjectCopy> {
    await mkdir(COPIES, { recursive: true });
    const folder = await mkdtemp(join(COPIES, "copy-"));
    await copyProject(folder);
    return new ProjectCopy(folder);
  }

  /** Breaks the copy while `run` runs. @throws if the mutant's text is not in its file exactly once */
  async with<T>(mutant: Mutant, run: () => Promise<T>): Promise<T> {
    const path = join(this.#folder, mutant.file);
    const source = await readFile(path, "utf8");
    await writeFile(path, breakSource(source, mutant));
    try {
      return await run();
    } finally {
      await writeFile(path, source);
    }
  }

  /** Builds the declarations that rooms need of each other. @throws if the project does not type-check */
  async compile(): Promise<void> {
    const { code, output } = await this.#tsc(["-b"]);
    if (code !== 0) throw new Error(`The project does not type-check without a mutant:\n${output}`);
  }

  /**
   * @returns the compiler's errors in the room of `file`; empty if there are none. A mutant that calls what does not exist
   * throws, and any test would catch it.
   */
  async typeErrors(file: string): Promise<string> {
    const room = file.split("/").slice(0, 2).join("/");
    const relaxed = Object.entries(RELAXED).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
    const { code, output } = await this.#tsc(["-p", `${room}/tsconfig.json`, "--noEmit", ...relaxed]);
    return code === 0 ? "" : output;
  }

  async #tsc(args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
    const stdio = ["ignore", "pipe", "pipe"] as const;
    const child = spawn(process.execPath, [programFile("typescript", "tsc"), ...args], {
      cwd: this.#folder,
      stdio: [...stdio],
    });
    const written: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => written.push(chunk));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output: Buffer.concat(written).toString() };
  }

  /**
   * @param stop ends the run
   * @param rule runs only the tests that carry this rule
   * @throws if it was stopped, took too long, or wrote no report
   */
  async test(files: readonly string[], stop: AbortSignal, rule?: string): Promise<TestRun> {
    const report = join(this.#folder, "report.json");
    const projects = [...new Set(files.map(projectOf))].flatMap((project) => ["--project", project]);
    const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
    const chosen = rule === undefined ? [] : [`--testNamePattern=\\[${rule}\\]`];
    const args = [programFile("vitest"), "run", ...projects, ...reporters, ...chosen, ...files];
    const child = spawn(process.execPath, args, {
      cwd: this.#folder,
      env: { ...process.env, ...QUIET_WRANGLER },
      stdio: ["ignore", "pipe", "pipe"],
      signal: AbortSignal.any([stop, AbortSignal.timeout(MAX_RUN_MS)]),
    });
    child.on("error", () => {}); // it was ended: then there is no report
    const written: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => written.push(chunk));
    await new Promise((resolve) => child.once("close", resolve));
    const output = Buffer.concat(written).toString();
    const text = await readFile(report, "utf8").catch(() => {
      throw new Error(`vitest wrote no report within ${MAX_RUN_MS / 1000} s:\n${output}`);
    });
    await rm(report);
    const results = (JSON.parse(text) as Report).testResults.flatMap(({ assertionResults }) => assertionResults);
    return {
      passed: results.filter(({ status }) => status === "passed").length,
      failed: results.filter(({ status }) => status === "failed").map(({ fullName }) => fullName),
      output,
    };
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** As vitest.config.ts divides them. */
function projectOf(file: string): string {
  return file.startsWith("test/workerd/") ? "workerd" : "unit";
}
