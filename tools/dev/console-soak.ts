// `npm run console-soak`: the page at /live in a browser while 200 events per second come for ten minutes; its memory must stay flat.
import { runTestFile } from "./steps.ts";

process.exitCode = await runTestFile("test/e2e/live-memory.test.ts", {
  REACTOR_CONSOLE_SECONDS: process.env.REACTOR_CONSOLE_SECONDS ?? "600",
});
