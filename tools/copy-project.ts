// A copy of the project as a clone would have it: nothing is built, and what is not committed yet is there as well.
import { execFile } from "node:child_process";
import { cp, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./program.ts";

/** Copies all files that git tracks, and those that it does not ignore; links the packages that are installed. */
export async function copyProject(folder: string): Promise<void> {
  for (const file of await projectFiles()) {
    // The lock's time says that it is installed.
    await cp(join(ROOT, file), join(folder, file), { preserveTimestamps: true }).catch((error) => {
      if (error.code !== "ENOENT") throw error; // deleted, but not yet in git
    });
  }
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
}

async function projectFiles(): Promise<string[]> {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const { stdout } = await promisify(execFile)("git", args, { cwd: ROOT, maxBuffer: 16 * 1024 * 1024 });
  return stdout.split("\0").filter(Boolean);
}
