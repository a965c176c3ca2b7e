// `npm run check`: everything that must hold, the same for a person and for CI. A step that fails prints its output, and
// the others still run, so that one run shows everything to fix.
import { join } from "node:path";
import { TARBALL } from "../package/tarball.ts";
import { programFile, ROOT } from "../program.ts";
import { BUILD, runStep, type Step, TEST } from "./steps.ts";

const STEPS: readonly Step[] = [
  { name: "format and lint", program: programFile("@biomejs/biome", "biome"), args: ["ci", "--error-on-warnings"] },
  { name: "types", program: programFile("typescript", "tsc"), args: ["-b"] },
  BUILD,
  { name: "bindings", program: join(ROOT, "tools/dev/check-env.ts"), args: [] },
  { name: "dead code", program: programFile("knip"), args: [] },
  TEST,
  { name: "API reference", program: join(ROOT, "tools/docs-api/docs-api.ts"), args: ["--check"] },
  { name: "sizes", program: join(ROOT, "tools/dev/size.ts"), args: [] },
  { name: "package", program: join(ROOT, "tools/package/package.ts"), args: [] },
  { name: "package shape", program: programFile("publint"), args: ["--strict", TARBALL] },
  {
    name: "package types",
    program: programFile("@arethetypeswrong/cli", "attw"),
    args: [TARBALL, "--profile", "esm-only"],
  },
];

const failed: string[] = [];
for (const step of STEPS) {
  const streams = step === TEST;
  const began = performance.now();
  const { code, output, interrupted } = await runStep(step, { capture: !streams });
  if (interrupted) process.exit(130);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (code !== 0) {
    failed.push(step.name);
    if (!streams) console.log(output.trimEnd());
  }
  console.log(`${code === 0 ? "✔" : "✘"} ${step.name}  ${seconds} s`);
}
if (failed.length > 0) {
  console.log(`\nFailed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
