// `npm run browsers`: tries the client in Debian's Firefox and WebKitGTK, where they are installed, with a hub that is gone for a minute.
import { runTestFile } from "./steps.ts";

process.exitCode = await runTestFile("test/e2e/other-browsers.test.ts", {
  REACTOR_OUTAGE_SECONDS: process.env.REACTOR_OUTAGE_SECONDS ?? "60",
});
