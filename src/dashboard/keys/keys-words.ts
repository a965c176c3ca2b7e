import type { Table } from "../words/language.ts";

interface KeysWords {
  title: string;
  close: string;
  key: string;
  does: string;
  note: string;
  page: string;
  singleKeys: string;
}

export const KEYS_WORDS: Table<KeysWords> = {
  en: {
    title: "Keyboard",
    close: "Close",
    key: "Key",
    does: "What it does",
    note: "Keys do nothing while you write in a field. Of two channels they are for the one you are in.",
    page: "Page",
    singleKeys: "Single keys are shortcuts",
  },
  ru: {
    title: "Клавиши",
    close: "Закрыть",
    key: "Клавиша",
    does: "Что делает",
    note: "Пока вы пишете в поле, клавиши не действуют. Из двух каналов они относятся к тому, где вы находитесь.",
    page: "Страница",
    singleKeys: "Отдельные клавиши действуют",
  },
};
