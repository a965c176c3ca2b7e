// `npm run examples`: tries every example from the packed tarball, with a hub and in a browser; also those that install from the registry.
import { BUILD, runStep, TEST } from "./steps.ts";

const built = await runStep(BUILD, { capture: true });
if (built.code !== 0) {
  console.error(built.output);
  process.exit(built.code);
}
const args = ["run", "--project", "e2e", "test/e2e/examples.test.ts", ...process.argv.slice(2)];
const { code } = await runStep({ ...TEST, args, env: { REACTOR_EXAMPLES: "all" } });
process.exit(code);
