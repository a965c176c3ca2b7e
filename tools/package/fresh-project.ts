// A TypeScript project as a user of the package begins it: strict, outside of this repository, with the tarball installed.
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { programFile, ROOT, runProgram } from "../program.ts";
import { PACKAGE_NAME } from "./entries.ts";
import { npm } from "./npm.ts";
import type { CodeBlock } from "./readme-blocks.ts";
import { TARBALL } from "./tarball.ts";

/** How imports are resolved, and the `module` that this asks for. */
const RESOLUTIONS = { bundler: "esnext", nodenext: "nodenext" } as const;
export type Resolution = keyof typeof RESOLUTIONS;

/** Where code runs decides which globals it has. */
const PLATFORMS = {
  page: { lib: ["es2022", "dom"], types: [], jsx: "react-jsx" },
  worker: { lib: ["es2024"], types: ["@cloudflare/workers-types"] },
} as const;

/** What users install besides the package: linked as this repository has it, so that no registry is asked. */
const INSTALLED = ["react", "react-dom", "@types/react", "@types/react-dom", "@cloudflare/workers-types"];

export class FreshProject {
  readonly resolution: Resolution;
  readonly #folder: string;
  readonly #package: string;

  private constructor(folder: string, resolution: Resolution) {
    this.resolution = resolution;
    this.#folder = folder;
    this.#package = join(folder, "node_modules", PACKAGE_NAME);
  }

  static async make(folder: string, resolution: Resolution): Promise<FreshProject> {
    await mkdir(folder);
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "fresh", private: true, type: "module" }));
    await npm(folder, ["install", "--offline", TARBALL]);
    for (const name of INSTALLED) {
      const link = join(folder, "node_modules", name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(join(ROOT, "node_modules", name), link, "junction");
    }
    return new FreshProject(folder, resolution);
  }

  /** The files of the installed package. */
  async packageFiles(): Promise<string[]> {
    const entries = await readdir(this.#package, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory());
    return files.map(({ parentPath, name }) => relative(this.#package, join(parentPath, name)).replaceAll("\\", "/"));
  }

  /** The text of a file of the installed package. */
  readPackage(file: string): Promise<string> {
    return readFile(join(this.#package, file), "utf8");
  }

  /** Compiles each block as a file of its own. @returns what the compiler says, nothing if all is well */
  async compile(platform: keyof typeof PLATFORMS, blocks: readonly CodeBlock[]): Promise<string> {
    const files = blocks.map(({ language }, index) => `${platform}-${index + 1}.${language}`);
    for (const [index, { code }] of blocks.entries()) await writeFile(join(this.#folder, String(files[index])), code);
    const compilerOptions = {
      ...PLATFORMS[platform],
      target: "es2022",
      module: RESOLUTIONS[this.resolution],
      moduleResolution: this.resolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    };
    const config = join(this.#folder, `${platform}.json`);
    await writeFile(config, JSON.stringify({ compilerOptions, files }));
    const { code, output } = await runProgram(programFile("typescript", "tsc"), ["-p", config], { capture: true });
    return code === 0 ? "" : output || `tsc: exit code ${code}`;
  }

  /** Imports an entry in Node. @returns the error, nothing if there is none */
  import(entry: string): Promise<string> {
    const args = ["--input-type=module", "--eval", `import(${JSON.stringify(entry)})`];
    return promisify(execFile)(process.execPath, args, { cwd: this.#folder }).then(
      () => "",
      ({ stderr }) => String(stderr),
    );
  }
}
