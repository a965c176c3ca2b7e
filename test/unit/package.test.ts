import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { VERSION } from "../../src/worker/version.ts";

const root = join(import.meta.dirname, "../..");

it("tells the version of the package from the Worker", () => {
  expect(VERSION).toBe(packageJson.version);
});

it("pins every dependency exactly", () => {
  const versions = Object.entries(packageJson.devDependencies);
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

it("gives every source file a unique name", () => {
  const names = globSync("src/**/*.{ts,tsx}", { cwd: root }).map((file) => basename(file));
  const unique = names.filter((name) => name !== "index.ts");
  expect(unique.filter((name, index) => unique.indexOf(name) !== index)).toEqual([]);
});

it("opens every source file with its purpose", () => {
  const files = globSync("src/**/*.{ts,tsx}", { cwd: root });
  expect(files.filter((file) => !/^\/[/*]/.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
});
