// The words of the cards.
import type { Table } from "../words/language.ts";

export interface CardsWords {
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
  name: "cards",
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
};
