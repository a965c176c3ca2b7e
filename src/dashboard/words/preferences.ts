// What a visitor has chosen for this page: language, theme, and whether single keys are shortcuts. It is stored once it was chosen, and not
// before; a browser that stores nothing keeps it while the page is open.
import { Snapshot } from "../../react/snapshot.ts";
import { type Language, languageOf } from "./language.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  /** Single keys may be switched off: speech input types them by mistake (WCAG 2.1.4). */
  readonly keys: "on" | "off";
}

/** Of `localStorage`; other pages of this origin may store things there too. */
const PREFIX = "reactor:";

const CHOICES: { readonly [Name in keyof Preferences]: readonly Preferences[Name][] } = {
  language: ["en", "ru"],
  theme: THEMES,
  keys: ["on", "off"],
};

/** @param stored what was stored, by name @param languages as `navigator.languages` */
export function readPreferences(stored: (name: string) => string | null, languages: readonly string[]): Preferences {
  const chosen = <Name extends keyof Preferences>(name: Name, otherwise: Preferences[Name]): Preferences[Name] =>
    CHOICES[name].find((choice) => choice === stored(PREFIX + name)) ?? otherwise;
  return {
    language: chosen("language", languageOf(languages)),
    theme: chosen("theme", "system"),
    keys: chosen("keys", "on"),
  };
}

/** The page's own. */
export const preferences = new Snapshot<Preferences>(
  readPreferences(storedName, typeof navigator === "undefined" ? [] : navigator.languages),
);

/** Changes one of them, and stores it. */
export function prefer<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  preferences.update((before) => ({ ...before, [name]: value }));
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // the browser stores nothing for this page
  }
}

/** Sets what CSS and assistive technology read from the document. */
export function applyTo({ documentElement: html }: Document, language: Language, theme: Theme): void {
  html.lang = language;
  if (theme === "system") delete html.dataset.theme;
  else html.dataset.theme = theme;
}

function storedName(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // also where there is none: reading it throws
  }
}
