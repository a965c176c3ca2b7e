// The same in Russian.
import type { FeedAction } from "./feed-keys.ts";

export const FEED_KEY_WORDS_RU: Readonly<Record<FeedAction, string>> = {
  filter: "Фильтр событий",
  pause: "Пауза, продолжить",
  older: "Следующее событие, более старое",
  newer: "Предыдущее событие, более новое",
  open: "Открыть событие",
  close: "Закрыть событие",
};
