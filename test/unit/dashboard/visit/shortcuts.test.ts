import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { isShortcut, keyOf, partInFocus } from "../../../../src/dashboard/visit/shortcuts.ts";
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

let dialogs: readonly unknown[] = [];
beforeEach(() => {
  dialogs = [];
  vi.stubGlobal("Element", Target);
  vi.stubGlobal("document", { querySelector: () => dialogs[0] ?? null });
});
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

it("[D24] takes no key while something lies over the page", () => {
  dialogs = ["the list of keys"];
  expect([press("p"), press("j", "button"), press("Escape")]).toEqual([false, false, false]);
});

it("[D24] finds the part of the channel that has the focus, else the first", () => {
  const of = (channel?: string) => ({ closest: () => channel && { dataset: { channel } } }) as unknown as Element;
  const parts = [of("a"), of("b")];
  const focusedOn = (element: Element | null) => vi.stubGlobal("document", { activeElement: element });
  focusedOn(of("b"));
  expect(partInFocus(parts)).toBe(parts[1]);
  for (const elsewhere of [of(), of("c"), null]) {
    focusedOn(elsewhere);
    expect(partInFocus(parts)).toBe(parts[0]);
  }
  expect(partInFocus([])).toBeUndefined();
});

it.each([
  ["e", "KeyE", "e"],
  ["у", "KeyE", "e"], // Russian
  ["E", "KeyE", "E"],
  ["e", "KeyD", "e"], // Dvorak: what is written on the key counts
  ["?", "Slash", "?"],
  [".", "Slash", "."],
  ["Escape", "Escape", "Escape"],
  ["é", "Digit2", "é"],
])("[D24] reads %j of %s as %j", (key, code, read) => {
  expect(keyOf({ key, code })).toBe(read);
});
