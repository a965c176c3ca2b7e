// The page's languages. Each part has its own table of words; all tables have the same languages.
import { createContext, use } from "react";

export type Language = "en" | "ru";

/** One part's words: texts, and functions that make a text of figures. */
export type Table<Words> = Readonly<Record<Language, Words>>;

export const LanguageContext = createContext<Language>("en");

/** A part's words in the visitor's language. */
export function useWords<Words>(table: Table<Words>): Words {
  return table[use(LanguageContext)];
}

/** The first of the visitor's languages that the page has. @param preferred as `navigator.languages` */
export function languageOf(preferred: readonly string[]): Language {
  const known = preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === "en" || tag === "ru");
  return known === "ru" ? "ru" : "en";
}
