// The same in Russian.
import type { ChannelsWords } from "./channels-words.ts";

export const CHANNELS_WORDS_RU: ChannelsWords = {
  channel: "Канал",
  show: "Открыть",
  beside: "Открыть рядом",
  showBeside: (name) => `Открыть рядом: ${name}`,
  close: (name) => `Закрыть ${name}`,
  recent: "Недавние",
  why: "Хаб не может перечислить свои каналы: это те, что открывал этот браузер.",
  invalid: (name) => `«${name}» не может быть именем канала.`,
  home: "Канал по умолчанию",
};
