// The words of the list of keys.
import type { Table } from "../words/language.ts";

export interface KeysWords {
  title: string;
  close: string;
  key: string;
  does: string;
  note: string;
  page: string;
  singleKeys: string;
  /** What is written on the space bar. */
  space: string;
}

export const KEYS_WORDS: Table<KeysWords> = {
  name: "keys",
  en: {
    title: "Keyboard",
    close: "Close",
    key: "Key",
    does: "What it does",
    note: "Keys do nothing while you write in a field. Of two channels they are for the one you are in.",
    page: "Page",
    singleKeys: "Single keys are shortcuts",
    space: "Space",
  },
};
