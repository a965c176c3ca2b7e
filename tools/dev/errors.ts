// `npm run errors`, after every change of a problem: writes docs/errors.md. The page at /errors is made by each build.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../program.ts";
import { errorsMarkdown } from "./errors-page.ts";

writeFileSync(join(ROOT, "docs/errors.md"), errorsMarkdown());
