import type { Table } from "../words/language.ts";

/** A key, and what it does. */
export type KeyRow = readonly [keys: string, words: string];

interface KeysWords {
  title: string;
  close: string;
  key: string;
  does: string;
  note: string;
  groups: readonly { readonly title: string; readonly rows: readonly KeyRow[] }[];
}

export const KEYS_WORDS: Table<KeysWords> = {
  en: {
    title: "Keyboard",
    close: "Close",
    key: "Key",
    does: "What it does",
    note: "Keys do nothing while you write in a field. Of two channels they are for the one you are in.",
    groups: [
      {
        title: "Events",
        rows: [
          ["/", "Filter"],
          ["p, Space", "Pause or resume"],
          ["j, ↓", "Next event"],
          ["k, ↑", "Previous event"],
          ["Enter", "Open the event"],
          ["Escape", "Close the event"],
        ],
      },
      {
        title: "Page",
        rows: [
          ["c", "Channels"],
          ["e", "Emit an event"],
          ["t", "Send a test event"],
          ["n", "Notifications on or off"],
          ["g", "Ping"],
          ["d", "Light or dark"],
          ["?", "This list"],
        ],
      },
    ],
  },
  ru: {
    title: "Клавиши",
    close: "Закрыть",
    key: "Клавиша",
    does: "Что делает",
    note: "Пока вы пишете в поле, клавиши не действуют. Из двух каналов они относятся к тому, в котором вы находитесь.",
    groups: [
      {
        title: "События",
        rows: [
          ["/", "Фильтр"],
          ["p, Space", "Пауза или продолжение"],
          ["j, ↓", "Следующее событие"],
          ["k, ↑", "Предыдущее событие"],
          ["Enter", "Открыть событие"],
          ["Escape", "Закрыть событие"],
        ],
      },
      {
        title: "Страница",
        rows: [
          ["c", "Каналы"],
          ["e", "Отправить событие"],
          ["t", "Отправить тестовое событие"],
          ["n", "Включить или выключить уведомления"],
          ["g", "Ping"],
          ["d", "Светлая или тёмная тема"],
          ["?", "Этот список"],
        ],
      },
    ],
  },
};
