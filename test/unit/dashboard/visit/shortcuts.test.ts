import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { isShortcut } from "../../../../src/dashboard/visit/shortcuts.ts";
import { prefer } from "../../../../src/dashboard/words/preferences.ts";

class Target {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  matches(selectors: string): boolean {
    return selectors.split(", ").includes(this.name);
  }
}

beforeEach(() => vi.stubGlobal("Element", Target));
afterEach(() => {
  vi.unstubAllGlobals();
});

const press = (key: string, on = "body", more = {}) =>
  isShortcut({ key, target: new Target(on), ...more } as unknown as KeyboardEvent);

it("[D12] takes keys wherever the focus is, but not while one types, and none with a modifier", () => {
  expect([press("j"), press("/"), press("j", "button"), press("Escape", "li")]).toEqual([true, true, true, true]);
  expect(["input", "textarea", "select"].map((each) => press("j", each))).toEqual([false, false, false]);
  expect([press("j", "body", { ctrlKey: true }), press("j", "body", { defaultPrevented: true })]).toEqual([
    false,
    false,
  ]);
});

it("[D12] leaves a button its keys", () => {
  expect([press(" ", "button"), press("Enter", "a"), press(" ", "ol")]).toEqual([false, false, true]);
});

it("[D12] takes no letter once they are turned off", async () => {
  prefer("keys", "off");
  await Promise.resolve();
  expect([press("j"), press("/"), press("Escape")]).toEqual([false, false, true]);
  prefer("keys", "on");
  await Promise.resolve();
});
