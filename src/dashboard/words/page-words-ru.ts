// The same in Russian.
import type { PageWords } from "./page-words.ts";

export const PAGE_WORDS_RU: PageWords = {
  skip: "К содержимому",
  key: "Ключ или токен",
  copy: "Копировать",
  copied: "Скопировано",
  copyFailed: "Браузер не разрешает странице копировать.",
  events: "События",
  beside: "Инструменты",
  theme: "Тема",
  themes: { system: "Системная", light: "Светлая", dark: "Тёмная" },
  language: "Язык",
  channel: (name) => `Канал ${name}`,
};
