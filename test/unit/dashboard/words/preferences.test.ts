import { afterEach, expect, it, vi } from "vitest";
import { applyTo, prefer, preferences, readPreferences } from "../../../../src/dashboard/words/preferences.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const stored = (values: Record<string, string>) => (name: string) => values[name] ?? null;

it("[D17] follows the browser until the visitor has chosen, and takes only what can be chosen", () => {
  expect(readPreferences(stored({}), ["ru-RU", "en"])).toEqual({ language: "ru", theme: "system", keys: "on" });
  const chosen = { "reactor:language": "en", "reactor:theme": "dark", "reactor:keys": "off" };
  expect(readPreferences(stored(chosen), ["ru"])).toEqual({ language: "en", theme: "dark", keys: "off" });
  const wrong = { "reactor:language": "<b>", "reactor:theme": "pink", theme: "dark" };
  expect(readPreferences(stored(wrong), ["de"])).toEqual({ language: "en", theme: "system", keys: "on" });
});

it("[D17] stores what was chosen, and holds it where nothing can be stored", async () => {
  const setItem = vi.fn();
  vi.stubGlobal("localStorage", { setItem });
  prefer("theme", "dark");
  await Promise.resolve();
  expect(setItem.mock.calls).toEqual([["reactor:theme", "dark"]]);
  vi.stubGlobal("localStorage", {
    setItem() {
      throw new Error("denied");
    },
  });
  prefer("theme", "light");
  await Promise.resolve();
  expect(preferences.read().theme).toBe("light");
});

it("[D17] tells the document its language, and its theme where one was chosen", () => {
  const html = { lang: "en", dataset: {} as Record<string, string> };
  const page = { documentElement: html } as unknown as Document;
  applyTo(page, "ru", "dark");
  expect(html).toEqual({ lang: "ru", dataset: { theme: "dark" } });
  applyTo(page, "ru", "system");
  expect(html).toEqual({ lang: "ru", dataset: {} });
});
