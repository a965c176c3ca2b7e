// `npm run example NAME`: packs the package, installs it in examples/NAME, and starts that.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npm } from "../package/npm.ts";
import { pack } from "../package/tarball.ts";
import { ROOT } from "../program.ts";

const EXAMPLES = join(ROOT, "examples");

async function start(folder: string): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), "example-"));
  console.error("Packing and installing …");
  try {
    await pack(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  // npm would keep an earlier build of the same version.
  await rm(join(folder, "node_modules/pulse-reactor"), { recursive: true, force: true });
  await npm(folder, ["install", "--no-package-lock"]);
  const child = spawn("npm", ["start"], { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, "close");
  return code ?? 130;
}

const [name = ""] = process.argv.slice(2);
const names = readdirSync(EXAMPLES).filter((each) => existsSync(join(EXAMPLES, each, "package.json")));
if (names.includes(name)) process.exitCode = await start(join(EXAMPLES, name));
else {
  console.error(`usage: npm run example NAME, where NAME is one of ${names.join(", ")}`);
  process.exitCode = 1;
}
