// Type-checks all mutants in a second: each as a file of its own that the compiler sees beside the file that it breaks.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { programFile, ROOT } from "../program.ts";
import type { Mutant } from "./list/mutant.ts";

/** Inside the project, since the compiler looks for node_modules upwards. */
const OVERLAYS = join(ROOT, ".cache/mutants");

/** All errors of the project are errors here, except unused names, which most mutants leave behind. */
export const RELAXED = { noUnusedLocals: false, noUnusedParameters: false };

/** The part of a room's `tsconfig.json` that is read. */
interface RoomConfig {
  readonly include: readonly string[];
}

/** @throws if the text is not in the file exactly once */
export function breakSource(source: string, { name, file, text, replacement }: Mutant): string {
  const count = source.split(text).length - 1;
  if (count !== 1) throw new Error(`${name}: its text occurs ${count} times in ${file}:\n${text}`);
  return source.replace(text, () => replacement);
}

/**
 * @returns the compiler's errors in each mutant's own file, under the settings of its room; empty if there are none. Whether
 * other files still compile with its exports is checked by the command, mutant by mutant.
 */
export async function typeErrors(mutants: readonly Mutant[]): Promise<string> {
  await mkdir(OVERLAYS, { recursive: true });
  const overlay = await mkdtemp(join(OVERLAYS, "types-"));
  try {
    const rooms = Map.groupBy(mutants, ({ file }) => file.split("/").slice(0, 2).join("/"));
    const configs: string[] = [];
    for (const [room, broken] of rooms) configs.push(await writeRoom(overlay, room, broken));
    return await tsc(["-b", ...configs]);
  } finally {
    await rm(overlay, { recursive: true, force: true });
  }
}

/** Writes the mutants of a room, and a tsconfig that checks them. @returns the path of the tsconfig */
async function writeRoom(overlay: string, room: string, mutants: readonly Mutant[]): Promise<string> {
  const files: string[] = [];
  for (const mutant of mutants) files.push(await writeMutant(overlay, mutant));
  const roomConfig = join(ROOT, room, "tsconfig.json");
  const { include } = JSON.parse(await readFile(roomConfig, "utf8")) as RoomConfig;
  const declarations = include.filter((path) => path !== ".").map((path) => join(ROOT, room, path));
  const compilerOptions = {
    ...RELAXED,
    composite: false,
    incremental: false,
    tsBuildInfoFile: null,
    emitDeclarationOnly: false,
    noEmit: true,
    rootDir: ROOT,
    rootDirs: [ROOT, overlay], // two folders merged into one: imports from either find files of the other
  };
  const config = join(overlay, `${basename(room)}.json`);
  await writeFile(
    config,
    JSON.stringify({ extends: roomConfig, compilerOptions, include: [], files: [...files, ...declarations] }),
  );
  return config;
}

/** Under a name that no file imports. @returns the path */
async function writeMutant(overlay: string, mutant: Mutant): Promise<string> {
  const extension = extname(mutant.file);
  const folder = join(overlay, dirname(mutant.file));
  const path = join(folder, `${basename(mutant.file, extension)}~${mutant.name}${extension}`);
  await mkdir(folder, { recursive: true });
  await writeFile(path, breakSource(await readFile(join(ROOT, mutant.file), "utf8"), mutant));
  return path;
}

/** @returns its errors; empty if there are none */
async function tsc(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [programFile("typescript", "tsc"), ...args], { cwd: ROOT });
  const written: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => written.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return code === 0 ? "" : Buffer.concat(written).toString();
}
