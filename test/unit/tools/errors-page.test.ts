import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PROBLEMS } from "../../../src/wire/problem.ts";
import { errorsHtml, errorsMarkdown } from "../../../tools/dev/errors-page.ts";
import { ROOT } from "../../../tools/program.ts";

const codes = Object.keys(PROBLEMS);

it("[H22] docs/errors.md is up to date: else run `npm run errors`", () => {
  expect(readFileSync(join(ROOT, "docs/errors.md"), "utf8")).toBe(errorsMarkdown());
});

it("[H22] has every code once, with its status and its close code", () => {
  expect([...errorsHtml().matchAll(/<section id="(\w+)">/g)].map(([, code]) => code)).toEqual([...codes].sort());
  expect([...errorsMarkdown().matchAll(/^## (\w+)$/gm)].map(([, code]) => code)).toEqual([...codes].sort());
  expect(errorsMarkdown()).toContain("## unauthorized\n\nNo valid key or token · HTTP 401, WebSocket 4401\n");
  expect(errorsMarkdown()).toContain("## bad_json\n\nNot JSON · HTTP 400\n");
});

it("marks up code, and shows the rest as it is", () => {
  expect(errorsHtml()).toContain("<code>&lt;epoch&gt;.&lt;seq&gt;</code>");
  expect(errorsHtml()).not.toContain("`");
});
