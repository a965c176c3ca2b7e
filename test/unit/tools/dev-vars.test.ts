import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readDevVars } from "../../../tools/dev/dev-vars.ts";

async function read(files: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), "vars-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { values, ...rest } = await readDevVars(args, folder);
  return { key: values.REACTOR_API_KEY, ...rest };
}

it.each([
  ["line ends of Windows", "A=1\r\nREACTOR_API_KEY=k\r\n"],
  ["a byte order mark", "\uFEFFREACTOR_API_KEY=k\n"],
  ["export and a comment", "export REACTOR_API_KEY=k # mine\n"],
  ["quotes", 'REACTOR_API_KEY="k"\n'],
])("reads .dev.vars with %s as the hub does", async (_, text) => {
  expect(await read({ ".dev.vars": text })).toEqual({ key: "k", files: [".dev.vars"], unread: [] });
});

it("reads .env where there is no .dev.vars, and else says that it does not", async () => {
  const env = { ".env": "REACTOR_API_KEY=env\n" };
  expect(await read({})).toEqual({ key: undefined, files: [], unread: [] });
  expect(await read(env)).toEqual({ key: "env", files: [".env"], unread: [] });
  expect(await read({ ...env, ".dev.vars": "A=1" })).toEqual({
    key: undefined,
    files: [".dev.vars"],
    unread: [".env"],
  });
});
