// Every rule of SPEC.md has a check, or a reason why it has none.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NOT_THE_HUBS, NOT_VISIBLE, whyNotVisible } from "../../../tools/conformance/not-visible.ts";
import { CHECKS } from "../../../tools/conformance/run-checks.ts";

const spec = readFileSync(join(import.meta.dirname, "../../../SPEC.md"), "utf8");
const rules = [...spec.matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map(([, rule]) => String(rule));
const checked = CHECKS.map(({ rule }) => rule);

test("every rule is either checked or listed with a reason, and none twice", () => {
  const listed = rules.filter((rule) => whyNotVisible(rule) !== undefined);
  expect([...checked, ...listed].sort()).toEqual([...rules].sort());
});

test("no reason is given for a rule or section that SPEC.md does not have", () => {
  expect(Object.keys(NOT_VISIBLE).filter((rule) => !rules.includes(rule))).toEqual([]);
  const letters = new Set(rules.map((rule) => rule.charAt(0)));
  expect(Object.keys(NOT_THE_HUBS).filter((letter) => !letters.has(letter))).toEqual([]);
});
