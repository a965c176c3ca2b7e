// The lock installs on every platform and names no registry, whichever machine wrote it.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { completeLock } from "../../../tools/dev/complete-lock.ts";

const parent = { version: "1.0.0", dev: true, optionalDependencies: { "tool-linux-x64-musl": "1.0.0" } } as const;

test("the committed lock is complete and names no registry", () => {
  expect(completeLock(JSON.parse(readFileSync("package-lock.json", "utf8"))).changes).toEqual([]);
});

test("a platform package that the registry lacked is added where npm would put it", () => {
  const { lock, changes } = completeLock({
    packages: { "": {}, "node_modules/tool": parent, "node_modules/zod": { version: "4.0.0" } },
  });
  expect(changes).toEqual(["added tool-linux-x64-musl 1.0.0"]);
  expect(Object.entries(lock.packages)).toEqual([
    ["", {}],
    ["node_modules/tool", parent],
    [
      "node_modules/tool-linux-x64-musl",
      { version: "1.0.0", cpu: ["x64"], dev: true, libc: ["musl"], optional: true, os: ["linux"] },
    ],
    ["node_modules/zod", { version: "4.0.0" }],
  ]);
});

test("completing a complete lock changes nothing", () => {
  const once = completeLock({ packages: { "node_modules/tool": parent } }).lock;
  expect(completeLock(once)).toEqual({ lock: once, changes: [] });
});

test("a package nested in another finds the platform packages around it", () => {
  const packages = {
    "node_modules/outer/node_modules/tool": parent,
    "node_modules/outer/node_modules/tool-linux-x64-musl": { version: "1.0.0" },
  };
  expect(completeLock({ packages }).changes).toEqual([]);
});

test("the addresses of a registry are removed, those of a folder stay", () => {
  const packages = {
    "node_modules/a": { resolved: "https://registry.example/a.tgz" },
    "node_modules/b": { resolved: "b" },
  };
  expect(completeLock({ packages }).lock.packages).toEqual({
    "node_modules/a": {},
    "node_modules/b": { resolved: "b" },
  });
});

test("an optional package whose name has no platform is named in the error", () => {
  const packages = { "node_modules/tool": { optionalDependencies: { "left-pad": "1.0.0" } } };
  expect(() => completeLock({ packages })).toThrow(/left-pad/);
});
