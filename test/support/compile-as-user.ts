// Compiles code of the documentation as a user would: by the package's name, against what package.json exports types of.
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ENTRIES } from "../../tools/package/entries.ts";
import { programFile, ROOT } from "../../tools/program.ts";

const PATHS = Object.fromEntries(ENTRIES.map(({ name, source }) => [name, [source]]));

const BROWSER = { lib: ["es2024", "dom", "dom.iterable"], types: ["react", "react-dom"], jsx: "react-jsx" };
const WORKER = { lib: ["es2024"], types: ["@cloudflare/workers-types"] };

export interface UserProject {
  /** Where it is written. */
  readonly folder: string;
  readonly isWorker: boolean;
  /** The code of each file, by its path in the folder, or in `src/` of the repository. */
  readonly files: Readonly<Record<string, string>>;
}

/** @returns what the compiler says, nothing if all is well */
export async function compileAsUser({ folder, isWorker, files }: UserProject): Promise<string> {
  for (const [file, code] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), `${code}\nexport {};\n`);
  }
  const project = {
    extends: join(ROOT, "tsconfig.base.json"),
    compilerOptions: {
      ...(isWorker ? WORKER : BROWSER),
      composite: false,
      emitDeclarationOnly: false,
      noEmit: true,
      rootDirs: [folder, join(ROOT, "src")],
      paths: PATHS,
    },
    files: [...Object.keys(files), ...(isWorker ? [join(ROOT, "src/env.d.ts")] : [])],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(project));
  return new Promise((resolve) => {
    execFile(process.execPath, [programFile("typescript", "tsc"), "-p", folder], (_error, stdout) => resolve(stdout));
  });
}
