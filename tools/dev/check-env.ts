// Step of `npm run check`: whether `src/env.d.ts` declares what the code reads and what wrangler.toml binds.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { programFile, QUIET_WRANGLER, ROOT, runProgram } from "../program.ts";
import { boundIn, declarationsIn, differences, variablesRead } from "./env-declarations.ts";

const GENERATED = ".cache/wrangler-types.d.ts";

mkdirSync(join(ROOT, ".cache"), { recursive: true });
// Without .env and .dev.vars: a developer's own variables are in no deployment.
const args = ["types", GENERATED, "--env-file=/dev/null", "--include-runtime=false"];
const { code, output } = await runProgram(programFile("wrangler"), args, { capture: true, env: QUIET_WRANGLER });
if (code !== 0) {
  console.error(output.trimEnd());
  process.exit(code);
}
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const found = differences(declarationsIn(read("src/env.d.ts")), variablesRead(), boundIn(read(GENERATED)));
for (const difference of found) console.error(difference);
process.exitCode = found.length > 0 ? 1 : 0;
