// `npm test`: builds, then runs every test; arguments are passed to vitest: npm test -- --project unit test/unit/wire
import { BUILD, runStep, TEST } from "./steps.ts";

const built = await runStep(BUILD, { capture: true });
if (built.code !== 0) {
  console.error(built.output);
  process.exit(built.code);
}
const tested = await runStep({ ...TEST, args: [...TEST.args, ...process.argv.slice(2)] });
process.exit(tested.code);
