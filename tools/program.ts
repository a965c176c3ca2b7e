// Runs the programs of npm packages by their own files: no npx and no shell between us and their signals.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..");

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Wrangler and Miniflare without banner, telemetry, network look-ups, log files or questions. */
export const QUIET_WRANGLER = {
  CI: "1",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_WRITE_LOGS: "false",
};

/** The JavaScript file behind the command `name` of an installed package. */
export function programFile(packageName: string, name = packageName): string {
  const home = join(ROOT, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  const file = typeof bin === "string" ? bin : bin?.[name];
  if (typeof file !== "string") throw new Error(`the package ${packageName} has no command ${name}`);
  return join(home, file);
}

export interface Ended {
  /** Its exit code, or 128 + the number of the signal that ended it. */
  readonly code: number;
  /** Its output, if that was captured. */
  readonly output: string;
  /** Whether we received a signal to stop meanwhile. */
  readonly interrupted: boolean;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly capture?: boolean;
}

/**
 * Runs a program on this Node in the project's folder, to its end. Signals to us are passed on, so that it does not
 * outlive us. It receives a terminal's Ctrl-C, which goes to the whole process group, twice; all programs here allow that.
 */
export async function runProgram(file: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
    stdio: options.capture ? ["ignore", "pipe", "pipe"] : "inherit",
  });
  const written: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => written.push(chunk));
  let interrupted = false;
  const passOn = (signal: NodeJS.Signals) => {
    interrupted = true;
    child.kill(signal === "SIGHUP" ? "SIGTERM" : signal); // wrangler's launcher would not end its child at a hang-up
  };
  for (const signal of STOP_SIGNALS) process.on(signal, passOn);
  try {
    const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    return {
      code: code ?? 128 + (signal ? constants.signals[signal] : 0),
      output: Buffer.concat(written).toString(),
      interrupted,
    };
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, passOn);
  }
}
