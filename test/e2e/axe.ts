// Judges a page by axe-core: WCAG 2.2 AA and the library's own best practices.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** @returns what it finds wrong with the page as it is now, a line each: the rule, and the elements; empty: nothing */
async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(await source); // by the debugger, which the page's policy does not hold back
  const options: RunOptions = { runOnly: TAGS, resultTypes: ["violations"] };
  const { violations } = await page.evaluate(
    (given) => (globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(given),
    options,
  );
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`,
  );
}

/** In both themes, at the size of a desktop and of a phone. @returns as `axeViolations`, each with where it was found */
export async function axeEverywhere(page: Page): Promise<string[]> {
  const before = page.viewportSize();
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [device, size] of Object.entries(SIZES)) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      const violations = await axeViolations(page);
      found.push(...violations.map((violation) => `${device}, ${colorScheme}: ${violation}`));
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
  return found;
}

export const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
