// `npm run lock`, after every change of a dependency: completes package-lock.json for other platforms than this one.
// With --check it changes nothing and exits 1 if something is missing.
import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../program.ts";
import { completeLock } from "./complete-lock.ts";

const file = join(ROOT, "package-lock.json");
const checkOnly = process.argv.includes("--check");
const { lock, changes } = completeLock(JSON.parse(readFileSync(file, "utf8")));

for (const change of changes) console.log(checkOnly ? `not ${change}` : change);
if (changes.length === 0) {
  console.log("package-lock.json is complete.");
} else if (checkOnly) {
  console.log("package-lock.json is not complete: npm run lock");
  process.exitCode = 1;
} else {
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  const installed = join(ROOT, "node_modules", ".package-lock.json");
  if (existsSync(installed)) utimesSync(installed, new Date(), new Date()); // what is installed here is still right
}
