// The entries of the package, as package.json exports them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../program.ts";

interface PackageJson {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
}

export interface Entry {
  /** Such as `pulse-reactor/client`. */
  readonly name: string;
  /** The file of its types in the package, such as `dist/client/index.d.ts`. */
  readonly types: string;
  /** The file in `src/` of which these are the types. */
  readonly source: string;
}

const { name, exports }: PackageJson = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

export const PACKAGE_NAME = name;

/** All but `.` (`NO_ENTRY`) and the file of a SharedWorker, which export nothing. */
export const ENTRIES: readonly Entry[] = Object.entries(exports).flatMap(([path, target]) => {
  if (typeof target === "string" || path === "." || path.endsWith(".js")) return [];
  const types = target.types.replace("./", "");
  const source = types.replace("dist/", "").replace(/\.d\.ts$/, ".ts");
  return [{ name: `${name}${path.slice(1)}`, types, source: join(ROOT, "src", source) }];
});

/** What an import of the package's bare name is told. */
export const NO_ENTRY = `"${name}" has no exports of its own: import ${ENTRIES.map((entry) => `"${entry.name}"`).join(", ")}.`;
