// The package's types: one file per entry, with what it exports, what that needs, and the docstrings.
import { join, relative } from "node:path";
import { type Plugin, rolldown } from "rolldown";
import { dts } from "rolldown-plugin-dts";
import { ROOT } from "../program.ts";
import { ENTRIES, type Entry, PACKAGE_NAME } from "./entries.ts";

/** Where `tsc -b` writes the declarations of `src/`. */
const DECLARATIONS = join(ROOT, ".cache/tsc/src");

/** `react` and `tabs` import the types of the client from the package, as its code does: an event of both is one type. */
const clientIsThePackages: Plugin = {
  name: "client-is-the-package's",
  resolveId: {
    filter: { id: /^\.\.\/client\/index\.ts$/ },
    handler: () => ({ id: `${PACKAGE_NAME}/client`, external: true }),
  },
};

async function rollUp({ source, types }: Entry): Promise<void> {
  const declarations = relative(join(ROOT, "src"), source).replace(/\.ts$/, ".d.ts");
  const bundle = await rolldown({
    input: join(DECLARATIONS, declarations),
    external: /^(react|cloudflare:workers)$/,
    // The plugin's compilers are not for declarations, and its default is one that the project does not have.
    plugins: [clientIsThePackages, dts({ dtsOnly: true, generator: "oxc", tsconfig: false })],
  });
  await bundle.write({ file: join(ROOT, types) });
}

/** Writes the types of every entry, from what `tsc -b` has written. */
export async function rollUpTypes(): Promise<void> {
  await Promise.all(ENTRIES.map(rollUp));
}
