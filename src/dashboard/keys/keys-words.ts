import type { Table } from "../words/language.ts";
import type { KeyRow } from "./key-press.ts";

interface KeysWords {
  title: string;
  close: string;
  key: string;
  does: string;
  note: string;
  events: string;
  page: string;
  eventKeys: readonly KeyRow[];
}

export const KEYS_WORDS: Table<KeysWords> = {
  en: {
    title: "Keyboard",
    close: "Close",
    key: "Key",
    does: "What it does",
    note: "Keys do nothing while you write in a field. Of two channels they are for the one you are in.",
    events: "Events",
    page: "Page",
    eventKeys: [
      ["/", "Filter"],
      ["p, Space", "Pause or resume"],
      ["j, ↓", "Next event"],
      ["k, ↑", "Previous event"],
      ["Enter", "Open the event"],
      ["Escape", "Close the event"],
    ],
  },
  ru: {
    title: "Клавиши",
    close: "Закрыть",
    key: "Клавиша",
    does: "Что делает",
    note: "Пока вы пишете в поле, клавиши не действуют. Из двух каналов они относятся к тому, где вы находитесь.",
    events: "События",
    page: "Страница",
    eventKeys: [
      ["/", "Фильтр"],
      ["p, Space", "Пауза или продолжение"],
      ["j, ↓", "Следующее событие"],
      ["k, ↑", "Предыдущее событие"],
      ["Enter", "Открыть событие"],
      ["Escape", "Закрыть событие"],
    ],
  },
};
