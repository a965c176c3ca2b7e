// `npm run release`: checks that this commit may be released, packs it as a clean clone does, and says what comes next. It publishes nothing.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { VERSION } from "../../src/worker/version.ts";
import { PACKAGE_NAME } from "../package/entries.ts";
import { pack, TARBALL } from "../package/tarball.ts";
import { ROOT } from "../program.ts";
import { releaseFaults } from "./release-faults.ts";

async function git(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("git", args, { cwd: ROOT });
  return stdout;
}

const read = (file: string) => readFile(join(ROOT, file), "utf8");

/** A workflow that the version's tag has started. */
const isTagged = process.argv.includes("--tagged");
const { version, repository } = JSON.parse(await read("package.json"));
const faults = releaseFaults({
  version,
  workerVersion: VERSION,
  changelog: await read("CHANGELOG.md"),
  status: await git("status", "--porcelain"),
  tags: (await git("tag", "--list")).split("\n"),
  startedBy: isTagged ? String(process.env.GITHUB_REF_NAME) : undefined,
  repository,
});
if (faults.length > 0) {
  console.error(`${PACKAGE_NAME} ${version} cannot be released:\n- ${faults.join("\n- ")}\nSee docs/releasing.md.`);
  process.exitCode = 1;
} else {
  const scratch = await mkdtemp(join(tmpdir(), "release-"));
  const released = join(ROOT, "dist/release", `${PACKAGE_NAME}-${version}.tgz`);
  try {
    await pack(scratch);
    await mkdir(join(ROOT, "dist/release"), { recursive: true });
    await copyFile(TARBALL, released);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const file = relative(ROOT, released);
  console.log(
    `${createHash("sha256")
      .update(await readFile(released))
      .digest("hex")}  ${file}`,
  );
  if (!isTagged) console.log(`\nNext: git tag v${version} && git push origin v${version}\n      npm publish ${file}`);
}
