import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { boundIn, declarationsIn, differences, variablesRead } from "../../../tools/dev/env-declarations.ts";

const declared = declarationsIn(readFileSync(join(import.meta.dirname, "../../../src/env.d.ts"), "utf8"));

/** As `wrangler types` writes it, indented by tabs. */
const generated = (...members: readonly string[]) =>
  [
    "// Generated",
    "interface __BaseEnv_Env {",
    ...members.map((member) => `\t${member}`),
    "}",
    "interface Env {",
    "}",
  ].join("\n");

it("src/env.d.ts declares each variable that is read, and no other", () => {
  expect(variablesRead()).toContain("ALLOWED_ORIGINS");
  expect(declared.variables.toSorted()).toEqual(variablesRead().toSorted());
});

it("distinguishes required bindings, optional ones, and variables", () => {
  const text =
    "    readonly HUB: DurableObjectNamespace<A>;\n    readonly LIMIT?: RateLimit;\n    readonly KEY?: string;\n";
  expect(declarationsIn(text)).toEqual({ required: ["HUB"], optional: ["LIMIT"], variables: ["KEY"] });
});

it("reads the bindings of what wrangler writes", () => {
  expect(boundIn(generated("ASSETS: Fetcher;", 'HUB: DurableObjectNamespace<import("./x").Hub>;'))).toEqual([
    "ASSETS",
    "HUB",
  ]);
  expect(boundIn(generated())).toEqual([]);
  expect(() => boundIn("interface Env {\n}")).toThrow("no interface __BaseEnv_Env");
});

it("finds a variable that is read through any member", () => {
  expect(variablesRead((env: Record<string, string>) => [env.CHANNELS, env.LOG_GENERATION || "0"])).toEqual([
    "CHANNELS",
    "LOG_GENERATION",
  ]);
});

const agreeing = { variables: ["A"], required: ["HUB"], optional: ["EMIT_LIMIT"] };

it.each([
  ["all agree", agreeing, ["A"], ["HUB"], []],
  ["an optional binding is bound", agreeing, ["A"], ["HUB", "EMIT_LIMIT"], []],
  ["a variable is not declared", agreeing, ["A", "B"], ["HUB"], [/^B is read .* not declared/]],
  ["a variable is not read", agreeing, [], ["HUB"], [/^A is declared .* not read/]],
  ["a binding is not declared", agreeing, ["A"], ["HUB", "KV"], [/^KV is bound .* not declared/]],
  ["a binding is not bound", agreeing, ["A"], [], [/^HUB is declared .* not bound/]],
])("reports %s", (_, declarations, read, bound, said) => {
  expect(differences(declarations, read, bound)).toEqual(said.map((pattern) => expect.stringMatching(pattern)));
});
