// Runs before `npm pack` and `npm publish`: builds what the package holds.
import { join } from "node:path";
import { rollUpTypes } from "../package/roll-up-types.ts";
import { programFile, ROOT, runProgram } from "../program.ts";

const rooms = ["src/client", "src/react", "src/tabs", "src/testing", "src/worker"]; // and those that they import

for (const [program, ...args] of [
  [join(ROOT, "tools/dev/build.ts")],
  [programFile("typescript", "tsc"), "-b", ...rooms],
]) {
  const { code } = await runProgram(String(program), args);
  if (code !== 0) process.exit(code);
}
await rollUpTypes();
