// Everything that the package exports is documented, by examples that compile. test/e2e/doc-examples.test.ts and
// doc-examples-in-node.test.ts run them.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ENTRIES } from "../../tools/package/entries.ts";
import { declaredIn, publicExports } from "../../tools/package/public-exports.ts";
import { compileAsUser } from "../support/compile-as-user.ts";
import { examplesOf, promisedBy } from "../support/doc-examples.ts";

const FOLDER = join(import.meta.dirname, "../../.cache/doc-examples");

beforeAll(() => rm(FOLDER, { recursive: true, force: true }));

describe.each(ENTRIES)("$name", ({ name: entry, source }) => {
  const exported = publicExports(source);
  const documented = exported.flatMap(({ members, ...own }) => [own, ...members]);

  it("documents every export, and every member of its interfaces and classes", () => {
    expect(documented.length).toBeGreaterThan(3);
    expect(documented.filter(({ docs }) => docs === "").map(({ name }) => name)).toEqual([]);
  });

  it("has an example of every export, itself or one of its members", () => {
    const without = exported.filter(({ members, ...own }) => [own, ...members].flatMap(examplesOf).length === 0);
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it("says in every example what can be observed", () => {
    for (const example of documented.flatMap(examplesOf)) expect(() => promisedBy(example)).not.toThrow();
  });

  it("compiles every example", async () => {
    const files = documented
      .flatMap(examplesOf)
      .map(({ name, language, code }, index) => [`${index + 1}-${name}.${language}`, code]);
    const folder = join(FOLDER, entry.replace("/", "-"));
    const isWorker = entry.endsWith("/worker");
    expect(await compileAsUser({ folder, isWorker, files: Object.fromEntries(files) })).toBe("");
  });
});

const example = (code: string, language = "ts") => ({ name: "a", language, code });

it("finds an export, or a member, without an example", () => {
  const { docs, members } = declaredIn(
    "/** One. */\nexport interface A {\n  /** Two. */\n  b(): void;\n  c: 1;\n}\n",
    "A",
  );
  expect([{ name: "A", docs }, ...members]).toEqual([
    { name: "A", docs: "One." },
    { name: "A.b", docs: "Two." },
    { name: "A.c", docs: "" },
  ]);
  expect(examplesOf({ name: "A", docs })).toEqual([]);
});

it("finds an example that does nothing observable, or something that it does not say", () => {
  expect(() => promisedBy(example("connect();"))).toThrow("promises nothing");
  expect(() => promisedBy(example("console.log(1);"))).toThrow("must print and say what");
  expect(() => promisedBy(example("connect(); // → 1"))).toThrow("must print and say what");
  expect(() => examplesOf({ name: "a", docs: "@example\nconnect();" })).toThrow("not in a block");
  expect(promisedBy(example("\nconsole.log(1); // → 1 → 2"))).toEqual({ 2: ["1", "2"] });
  expect(promisedBy(example("<p />; // → Hello", "tsx"))).toEqual({ 0: ["Hello"] });
});
