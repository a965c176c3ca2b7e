// The words of the page around its parts.
import type { Table } from "./language.ts";
import type { Theme } from "./preferences.ts";

export interface PageWords {
  readonly skip: string;
  readonly events: string;
  readonly beside: string;
  readonly theme: string;
  readonly themes: Readonly<Record<Theme, string>>;
  readonly language: string;
  readonly channel: (name: string) => string;
}

export const PAGE_WORDS: Table<PageWords> = {
  en: {
    skip: "Skip to the content",
    events: "Events",
    beside: "Tools",
    theme: "Theme",
    themes: { system: "System", light: "Light", dark: "Dark" },
    language: "Language",
    channel: (name) => `Channel ${name}`,
  },
  ru: {
    skip: "К содержимому",
    events: "События",
    beside: "Инструменты",
    theme: "Тема",
    themes: { system: "Системная", light: "Светлая", dark: "Тёмная" },
    language: "Язык",
    channel: (name) => `Канал ${name}`,
  },
};
