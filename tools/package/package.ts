// Step of `npm run check`: packs the project as a clean clone does, and uses the tarball as its users would.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENTRIES, NO_ENTRY, PACKAGE_NAME } from "./entries.ts";
import { FreshProject } from "./fresh-project.ts";
import { publicExports } from "./public-exports.ts";
import { type CodeBlock, readmeBlocks } from "./readme-blocks.ts";
import { pack } from "./tarball.ts";

const FILES = [
  "LICENSE",
  "README.md",
  "dist/client/index.d.ts",
  "dist/client/index.js",
  "dist/client/index.js.map",
  "dist/client/node.js",
  "dist/client/node.js.map",
  "dist/index.d.ts",
  "dist/index.js",
  "dist/react/index.d.ts",
  "dist/react/index.js",
  "dist/react/index.js.map",
  "dist/tabs/index.d.ts",
  "dist/tabs/index.js",
  "dist/tabs/index.js.map",
  "dist/tabs/worker.d.ts",
  "dist/tabs/worker.js",
  "dist/testing/index.d.ts",
  "dist/testing/index.js",
  "dist/testing/index.js.map",
  "dist/wire/index.d.ts",
  "dist/wire/index.js",
  "dist/wire/index.js.map",
  "dist/worker/embedded.d.ts",
  "dist/worker/embedded.js",
  "dist/worker/embedded.js.map",
  "dist/worker/licenses.txt",
  "package.json",
];

/**
 * README's TypeScript. Of what is no code of the package's users the tests take care: a block that names its file in `src/`
 * is code of this repository, and those of `js` and `html` import what a hub serves.
 */
const README = readmeBlocks().filter(({ language, code }) => /^tsx?$/.test(language) && !code.startsWith("// src/"));

/** Finds a name that README does not use and the types lack. */
const ALL_NAMES = ENTRIES.map(({ name, source }) => {
  const names = publicExports(source).map((exported) => exported.name);
  return { language: "ts", code: `export type { ${names.join(", ")} } from "${name}";` };
});

const imports = (entry: string) => {
  return ({ code }: CodeBlock) => code.includes(`"${entry}"`);
};
const isOfWorker = imports(`${PACKAGE_NAME}/worker`);

function wrongFiles(files: readonly string[]): string[] {
  const missing = FILES.filter((file) => !files.includes(file));
  const unlisted = files.filter((file) => !FILES.includes(file));
  return [
    ...missing.map((file) => `The package lacks ${file}.`),
    ...unlisted.map((file) => `The package holds ${file}, which tools/package/package.ts does not list.`),
  ];
}

/** Editors show the docstrings of the types. */
async function lostDocs(project: FreshProject): Promise<string[]> {
  const lost = ENTRIES.map(async ({ types, source }) => {
    const text = (await project.readPackage(types)).replaceAll(/^ *\* ?/gm, "");
    const documented = publicExports(source).flatMap(({ members, ...own }) => [own, ...members]);
    return documented
      .filter(({ docs }) => !text.includes(docs))
      .map(({ name }) => `${types} lacks the docs of ${name}.`);
  });
  return (await Promise.all(lost)).flat();
}

async function failedImports(project: FreshProject): Promise<string[]> {
  const scripts = ENTRIES.filter((entry) => !entry.name.endsWith("/worker")); // which imports what only Workers have
  const bare = await project.import(PACKAGE_NAME);
  if (!bare.includes(NO_ENTRY))
    return [`An import of "${PACKAGE_NAME}" does not say which entries there are:\n${bare}`];
  const failed = scripts.map(async ({ name }) => ({ name, error: await project.import(name) }));
  return (await Promise.all(failed)).flatMap(({ name, error }) =>
    error ? [`${name} cannot be imported in Node:\n${error}`] : [],
  );
}

async function typeErrors(project: FreshProject): Promise<string[]> {
  const code = [...README, ...ALL_NAMES];
  const ofWorkers = code.filter(isOfWorker);
  const ofPages = code.filter((block) => !ofWorkers.includes(block));
  const outputs = [await project.compile("page", ofPages), await project.compile("worker", ofWorkers)];
  const failed = outputs.filter((output) => output !== "");
  return failed.map((output) => `README.md or the package does not compile (${project.resolution}):\n${output}`);
}

async function findProblems(scratch: string): Promise<string[]> {
  await pack(scratch);
  const resolutions = ["bundler", "nodenext"] as const;
  const projects = await Promise.all(
    resolutions.map((resolution) => FreshProject.make(join(scratch, resolution), resolution)),
  );
  const [project] = projects as [FreshProject, FreshProject];
  const wrong = wrongFiles(await project.packageFiles());
  if (wrong.length > 0) return wrong;
  const unused = ENTRIES.filter(({ name }) => !README.some(imports(name)));
  const found = [lostDocs(project), failedImports(project), ...projects.map(typeErrors)];
  return [
    ...unused.map(({ name }) => `No TypeScript of README.md imports ${name}.`),
    ...(await Promise.all(found)).flat(),
  ];
}

const scratch = await mkdtemp(join(tmpdir(), "package-"));
try {
  const problems = await findProblems(scratch);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
} finally {
  await rm(scratch, { recursive: true, force: true });
}
