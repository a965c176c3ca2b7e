// Programs of the system, where they are installed; each in a process group of its own, with a folder that goes with it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

export function isOnPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, program)));
}

export interface StartedProgram {
  /** Waits for a line that it prints. @returns what the pattern's group matches @throws when it ends before that */
  printed(pattern: RegExp): Promise<string>;
  /** Ends it with all that it has started: by itself if it does so within some seconds, else by SIGKILL. */
  end(ask?: () => unknown): Promise<void>;
}

/** How long a program may take to end by itself, in ms. */
const END_MS = 5_000;

/** @param env in addition to this process's */
export function startProgram(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): StartedProgram {
  const child: ChildProcess = spawn(file, args, {
    detached: true, // browsers start processes of their own
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()).once("error", () => resolve()));
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", (line) => lines.push(line) && child.emit("line"));
  }
  return {
    async printed(pattern) {
      let ended = false;
      void exited.then(() => {
        ended = true;
        child.emit("line");
      });
      for (;;) {
        const found = lines.map((line) => pattern.exec(line)).find((match) => match !== null);
        if (found) return found[1] ?? "";
        if (ended) throw new Error(`${file} has ended, and did not print ${pattern}:\n${lines.slice(-10).join("\n")}`);
        await once(child, "line");
      }
    },
    async end(ask = () => child.kill()) {
      const timer = setTimeout(() => signalGroup(child), END_MS);
      await Promise.resolve(ask()).catch(() => {}); // it may have ended already
      await exited;
      clearTimeout(timer);
      signalGroup(child); // what it has left behind
    },
  };
}

function signalGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // There is no such group any more.
  }
}

/** @returns the folder, and what removes it */
export async function folderFor(name: string): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `${name}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
