import type { Table } from "../words/language.ts";

interface CardsWords {
  title: string;
  none: string;
  metrics: string;
  credibility: string;
  importance: string;
  updated: string;
  news: string;
  processed: string;
  processingTime: string;
  digest: string;
  status: string;
  digestTitle: string;
  steps: { readonly created: string; readonly published: string };
  system: string;
  uptime: string;
  lastCheck: string;
  days(days: number, hours: number): string;
  hours(hours: number, minutes: number): string;
  minutes(minutes: number): string;
  seconds(seconds: number): string;
}

export const CARDS_WORDS: Table<CardsWords> = {
  en: {
    title: "PulseAI",
    none: "No events of its types yet",
    metrics: "AI metrics",
    credibility: "Credibility",
    importance: "Importance",
    updated: "Updated",
    news: "News",
    processed: "Processed",
    processingTime: "Processing time",
    digest: "Digest",
    status: "Status",
    digestTitle: "Title",
    steps: { created: "created", published: "published" },
    system: "System",
    uptime: "Uptime",
    lastCheck: "Last check",
    days: (days, hours) => `${days} d ${hours} h`,
    hours: (hours, minutes) => `${hours} h ${minutes} min`,
    minutes: (minutes) => `${minutes} min`,
    seconds: (seconds) => `${seconds} s`,
  },
  ru: {
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
  },
};
