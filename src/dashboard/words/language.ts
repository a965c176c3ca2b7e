// The page's languages. Each part has a table of its words, in English; those of the other languages are in a file of their own each.
import { createContext, use } from "react";

export type Language = "en" | "ru";

/** One part's words: texts, and functions that make a text of figures. */
export interface Table<Words> {
  /** By which another language has them. */
  readonly name: string;
  readonly en: Words;
}

/** The language that is shown, and its words by the names of the tables; English has none beside the tables. */
export interface Spoken {
  readonly language: Language;
  readonly words: Readonly<Record<string, unknown>>;
}

export const ENGLISH: Spoken = { language: "en", words: {} };

export const LanguageContext = createContext<Spoken>(ENGLISH);

/** A part's words in the visitor's language. */
export function useWords<Words>({ name, en }: Table<Words>): Words {
  return (use(LanguageContext).words[name] as Words | undefined) ?? en;
}

/** The first of the visitor's languages that the page has. @param preferred as `navigator.languages` */
export function languageOf(preferred: readonly string[]): Language {
  const known = preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === "en" || tag === "ru");
  return known === "ru" ? "ru" : "en";
}
