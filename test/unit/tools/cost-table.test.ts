import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { USUAL } from "../../../tools/cost/cost-model.ts";
import { monthOf, SCENARIOS, tableOf } from "../../../tools/cost/cost-table.ts";

const doc = readFileSync(join(import.meta.dirname, "../../../docs/cost.md"), "utf8");

it("prints the table of docs/cost.md", () => {
  expect(doc).toContain(`\n${tableOf(SCENARIOS)}\n`);
});

it("prints the month of docs/cost.md", () => {
  expect(doc).toContain(`\n${monthOf({ ...USUAL, clients: 10_000, eventsPerSecond: 10, withIds: true })}\n`);
});
