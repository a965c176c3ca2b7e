// Runs wrangler and all that it starts as one process group, of which nothing outlives this process, however that ends.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { ROOT } from "../program.ts";

/** How long wrangler may take to end after it was told to. */
const PATIENCE_MS = 10_000;

const isWindows = process.platform === "win32";

/**
 * A shell that waits for the end of its input, which is ours, and then ends the group. It is in a group of its own, so that what
 * ends ours does not end it, and no Node, so that `killall node` does not either.
 */
const KEEPER = 'trap "" INT TERM HUP; read -r _; kill -s KILL -- "-$0"';

export class ServerGroup {
  readonly #child: ChildProcess;
  /** Resolves to the exit code of wrangler; `null`: it was killed. */
  readonly ended: Promise<number | null>;

  constructor(file: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [file, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit"],
      detached: !isWindows,
    });
    this.ended = once(this.#child, "close").then(([code]) => {
      this.#kill();
      return code;
    });
    if (isWindows || this.#child.pid === undefined) return;
    const keeper = spawn("/bin/sh", ["-c", KEEPER, String(this.#child.pid)], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    keeper.unref();
  }

  /** Tells wrangler to end, and ends what is left of the group if it does not. */
  stop(): void {
    this.#child.kill("SIGTERM");
    setTimeout(() => this.#kill(), PATIENCE_MS).unref();
  }

  /**
   * The process that listens on the port. Killed alone, it leaves a port that accepts connections and answers none: wrangler
   * starts another, and does not connect it to the hub.
   *
   * @returns `undefined` where the system does not tell
   */
  frontPid(port: number): number | undefined {
    if (process.platform !== "linux") return undefined;
    const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
    return pids.find((pid) => {
      const command = contentOf(`/proc/${pid}/cmdline`).split("\0");
      return command.some((arg) => arg.startsWith("--socket-addr=entry=") && arg.endsWith(`:${port}`));
    });
  }

  #kill(): void {
    const { pid } = this.#child;
    if (isWindows || pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // None is left.
    }
  }
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Empty where the process has ended meanwhile, or is not ours. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
