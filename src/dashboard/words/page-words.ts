// The words of the page around its parts.
import type { Table } from "./language.ts";
import type { Theme } from "./preferences.ts";

export interface PageWords {
  readonly skip: string;
  readonly key: string;
  readonly copy: string;
  readonly copied: string;
  readonly copyFailed: string;
  readonly events: string;
  readonly beside: string;
  readonly theme: string;
  readonly themes: Readonly<Record<Theme, string>>;
  readonly language: string;
  readonly channel: (name: string) => string;
}

export const PAGE_WORDS: Table<PageWords> = {
  name: "page",
  en: {
    skip: "Skip to the content",
    key: "Key or token",
    copy: "Copy",
    copied: "Copied",
    copyFailed: "Your browser does not allow this page to copy.",
    events: "Events",
    beside: "Tools",
    theme: "Theme",
    themes: { system: "System", light: "Light", dark: "Dark" },
    language: "Language",
    channel: (name) => `Channel ${name}`,
  },
};
