// `npm run examples`: tries every example from the packed tarball, with a hub and in a browser; also those that install from the registry.
import { runTestFile } from "./steps.ts";

process.exitCode = await runTestFile("test/e2e/examples.test.ts", { REACTOR_EXAMPLES: "all" });
