// The package as `npm publish` would send it.
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { copyProject } from "../copy-project.ts";
import { ROOT } from "../program.ts";
import { npm } from "./npm.ts";

/** Where the steps of `npm run check` find it. */
export const TARBALL = join(ROOT, ".cache/package.tgz");

/** Packs a copy of the project: what an earlier build has left here would hide that `prepack` does not make it. */
export async function pack(scratch: string): Promise<void> {
  await rm(TARBALL, { force: true });
  const copy = join(scratch, "copy");
  const packed = join(scratch, "packed");
  await copyProject(copy);
  await mkdir(packed);
  await npm(copy, ["pack", "--pack-destination", packed]);
  const [tarball = ""] = await readdir(packed);
  await mkdir(dirname(TARBALL), { recursive: true });
  await cp(join(packed, tarball), TARBALL);
}
