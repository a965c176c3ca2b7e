import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lockData } from "../../../tools/dev/data-lock.ts";

it("gives a data folder to one hub, names it to a second one, and is free again once that is killed", async () => {
  const folder = join(mkdtempSync(join(tmpdir(), "lock-")), "state");
  const program = `import { lockData } from "./tools/dev/data-lock.ts";
    console.log(lockData(process.argv[1], "http://localhost:1"));
    setInterval(() => {}, 1000);`;
  const other = spawn(process.execPath, ["--input-type=module", "--eval", program, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  expect(String((await once(other.stdout, "data"))[0])).toBe("null\n");
  expect(lockData(folder, "http://localhost:2")).toBe("http://localhost:1");
  other.kill("SIGKILL");
  await once(other, "close");
  expect(lockData(folder, "http://localhost:2")).toBeNull();
  expect(lockData(folder, "http://localhost:3")).toBe("http://localhost:2");
});
