// The names of platform packages are judged by those that the registry knew, whose entries npm wrote.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Lock } from "../../../tools/dev/complete-lock.ts";
import { platformOf } from "../../../tools/dev/platform.ts";

const { packages }: Lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const known = Object.entries(packages).filter(([, { os, cpu }]) => os?.length === 1 && cpu?.length === 1);

test("a platform package's name has its platform", () => {
  expect(known.length).toBeGreaterThan(0);
  for (const [path, { os, cpu, libc }] of known) {
    const platform = platformOf(path);
    expect(platform, path).toMatchObject({ os: os?.[0], cpu: cpu?.[0] });
    if (platform?.libc) expect([platform.libc], path).toEqual(libc);
  }
});

test("a name without a platform has none", () => {
  expect(platformOf("node_modules/wrangler")).toBeUndefined();
  expect(platformOf("@rolldown/binding-wasm32-wasi")).toBeUndefined();
});
