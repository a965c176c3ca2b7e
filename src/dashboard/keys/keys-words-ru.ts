// The same in Russian.
import type { KeysWords } from "./keys-words.ts";

export const KEYS_WORDS_RU: KeysWords = {
  title: "Клавиши",
  close: "Закрыть",
  key: "Клавиша",
  does: "Что делает",
  note: "Пока вы пишете в поле, клавиши не действуют. Из двух каналов они относятся к тому, где вы находитесь.",
  page: "Страница",
  singleKeys: "Отдельные клавиши действуют",
  space: "Пробел",
};
