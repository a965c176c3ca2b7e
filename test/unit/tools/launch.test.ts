// The launcher in a folder of its own, where everything is installed and the tools are what a test writes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "launch-"));
  for (const folder of ["tools/tool", "node_modules/node/bin"]) mkdirSync(join(project, folder), { recursive: true });
  copyFileSync("tools/launch.mjs", join(project, "tools/launch.mjs"));
  symlinkSync(process.execPath, join(project, "node_modules/node/bin/node"));
  for (const lock of ["package-lock.json", "node_modules/.package-lock.json"]) writeFileSync(join(project, lock), "{}");
});
afterEach(() => rmSync(project, { recursive: true }));

function launch(tool: string, ...args: string[]) {
  writeFileSync(join(project, "tools/tool/tool.ts"), tool);
  const child = spawn(process.execPath, [join(project, "tools/launch.mjs"), "tool", ...args], {
    env: { PATH: join(project, "bin") },
  });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (chunk) => {
      printed[name] += chunk;
    });
  }
  const ended = once(child, "close").then(([code]) => ({ code, ...printed }));
  return { child, ended };
}

test("a tool gets its arguments, and its exit code is the launcher's", async () => {
  const { ended } = launch("console.log(process.argv.slice(2)); process.exit(7)", "--port", "1");
  expect(await ended).toEqual({ code: 7, stdout: "[ '--port', '1' ]\n", stderr: "" });
});

test("a tool finds the programs of installed packages first", async () => {
  const { ended } = launch("console.log(process.env.PATH)");
  expect((await ended).stdout).toMatch(join(project, "node_modules/.bin"));
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s is passed on, and the tool's own end is waited for",
  async (signal) => {
    const { child, ended } = launch(`
    process.on("${signal}", () => setTimeout(() => { console.log("tidied"); process.exit(0); }, 50));
    setInterval(() => {}, 1000);
    console.log("ready");`);
    await once(child.stdout, "data");
    child.kill(signal);
    expect(await ended).toEqual({ code: 0, stdout: "ready\ntidied\n", stderr: "" });
  },
);

test("it installs when the lock is newer than what is installed, says so on stderr, and stops if that fails", async () => {
  utimesSync(join(project, "node_modules/.package-lock.json"), 0, 0);
  const npm = "#!/bin/sh\necho npm was asked: $@\nexit 3\n";
  mkdirSync(join(project, "bin"));
  writeFileSync(join(project, "bin/npm"), npm, { mode: 0o755 });
  const { code, stdout, stderr } = await launch("console.log('started')").ended;
  expect(code).toBe(3);
  expect(stderr).toMatch(/Installing .* half a minute/);
  expect(stderr).toMatch("npm was asked: ci --no-audit --no-fund --loglevel=error --dry-run=false");
  expect(stdout).toBe("");
});
