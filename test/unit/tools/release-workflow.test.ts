// No test can run the workflow. What it calls is there, and what has broken such workflows is not in it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };

const ROOT = join(import.meta.dirname, "../../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const workflow = read(".github/workflows/release.yml");
const valuesOf = (key: string) =>
  [...workflow.matchAll(new RegExp(`^ +- ${key}: (.*?)(?: #.*)?$`, "gm"))].map(([, value]) => value);

it("runs what is there, in this order", () => {
  expect(valuesOf("run")).toEqual([
    ".ci/run",
    'npm run -s release -- --tagged | tee "$RUNNER_TEMP/notes.txt"',
    "npm publish dist/release/*.tgz",
    'gh release create "$GITHUB_REF_NAME" dist/release/*.tgz --notes-file "$RUNNER_TEMP/notes.txt"',
  ]);
  expect(existsSync(join(ROOT, ".ci/run"))).toBe(true);
  expect(packageJson.scripts.release).toContain("release");
  const release = read("tools/dev/release.ts");
  for (const used of ["--tagged", "GITHUB_REF_NAME", '"dist/release"']) expect(release).toContain(used);
});

it("fails where the first program of a pipe fails", () => {
  expect(workflow).toMatch(/^ {4}defaults:\n {6}run:\n {8}shell: bash\b/m);
});

it("writes nothing into the repository that a release would take for uncommitted", () => {
  expect(workflow).not.toMatch(/(?:tee|>) (?!"\$RUNNER_TEMP)/);
});

it("pins every action to one version, and names no registry", () => {
  const actions = valuesOf("uses");
  expect(actions.length).toBeGreaterThan(1);
  expect(actions.filter((action) => !/@v\d+\.\d+\.\d+$/.test(String(action)))).toEqual([]);
  expect(workflow).not.toMatch(/registry/i);
});

it("takes Node of .nvmrc, whose npm publishes without a token", () => {
  expect(workflow).toContain("node-version-file: .nvmrc");
  const [major = 0, minor = 0] = read(".nvmrc").trim().split(".").map(Number);
  expect(major > 24 || (major === 24 && minor >= 5)).toBe(true); // npm 11.5.1
});

it("is indented by spaces, in steps of two", () => {
  expect(workflow.split("\n").filter((line) => /\t/.test(line) || /^(?: {2})* \S/.test(line))).toEqual([]);
});
