// The same in Russian.
import type { CardsWords } from "./cards-words.ts";

export const CARDS_WORDS_RU: CardsWords = {
  title: "PulseAI",
  none: "Событий этих типов ещё не было",
  metrics: "Метрики ИИ",
  credibility: "Достоверность",
  importance: "Важность",
  updated: "Обновлено",
  news: "Новости",
  processed: "Обработано",
  processingTime: "Время обработки",
  digest: "Дайджест",
  status: "Статус",
  digestTitle: "Заголовок",
  steps: { created: "создан", published: "опубликован" },
  system: "Система",
  uptime: "Работает",
  lastCheck: "Проверено",
  days: (days, hours) => `${days} д ${hours} ч`,
  hours: (hours, minutes) => `${hours} ч ${minutes} мин`,
  minutes: (minutes) => `${minutes} мин`,
  seconds: (seconds) => `${seconds} с`,
};
