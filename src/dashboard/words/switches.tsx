// What a visitor chooses for the page.
import { useSnapshot } from "../../react/snapshot.ts";
import { type Language, useWords } from "./language.ts";
import { PAGE_WORDS } from "./page-words.ts";
import { prefer, preferences, THEMES } from "./preferences.ts";

/** Each in itself. */
const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", ru: "Русский" };

export function ThemeSwitch() {
  const words = useWords(PAGE_WORDS);
  const { theme } = useSnapshot(preferences);
  return (
    <select
      aria-label={words.theme}
      data-reactor="theme"
      value={theme}
      onChange={({ target }) => prefer("theme", THEMES.find((each) => each === target.value) ?? "system")}
    >
      {THEMES.map((each) => (
        <option key={each} value={each}>
          {words.themes[each]}
        </option>
      ))}
    </select>
  );
}

export function LanguageSwitch() {
  const words = useWords(PAGE_WORDS);
  const { language } = useSnapshot(preferences);
  return (
    <select
      aria-label={words.language}
      data-reactor="language"
      value={language}
      onChange={({ target }) => prefer("language", target.value === "ru" ? "ru" : "en")}
    >
      {Object.entries(LANGUAGES).map(([each, name]) => (
        <option key={each} value={each} lang={each}>
          {name}
        </option>
      ))}
    </select>
  );
}
