// The full disk of chaos: a limit of file size for workerd, which any user may set for a process of theirs and take back. Beyond
// it SQLite's writes fail as on a full disk, with EFBIG in place of ENOSPC; the rest of the machine has all its room.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ROOT } from "../program.ts";

/** Of util-linux: other systems have no way to limit a process that runs. */
const PRLIMIT = "prlimit";

/** Why no disk can be full here, if that is so. */
export function whyNoFullDisk(): string | undefined {
  const { error, status } = spawnSync(PRLIMIT, ["--version"]);
  return error || status !== 0 ? "No full disk: that needs the command prlimit (util-linux, on Linux)." : undefined;
}

/** Calls `start`, which starts workerd, so that a full disk does not end it. */
export async function withFailingWrites<T>(start: () => Promise<T>): Promise<T> {
  const inMiniflare = createRequire(import.meta.resolve("miniflare"));
  process.env.CHAOS_WORKERD = inMiniflare("workerd").default;
  process.env.MINIFLARE_WORKERD_PATH = join(ROOT, "tools/chaos/chaos-workerd.sh");
  try {
    return await start();
  } finally {
    delete process.env.CHAOS_WORKERD;
    delete process.env.MINIFLARE_WORKERD_PATH;
  }
}

/** @param leftBytes how long a file may still become; `null`: the disk takes everything again */
export function limitFiles(processIds: readonly number[], leftBytes: number | null): void {
  for (const id of processIds) {
    const limit = `--fsize=${leftBytes ?? "unlimited"}:`; // the soft limit alone: the hard one could not be raised again
    const { error, status, stderr } = spawnSync(PRLIMIT, ["--pid", String(id), limit]);
    const isGone = /No such process/.test(String(stderr)); // killed meanwhile
    if (error || (status !== 0 && !isGone)) throw error ?? new Error(`prlimit failed: ${stderr}`);
  }
}
