// The same in Russian.
import type { FeedWords } from "./feed-words.ts";

const plural = (one: string, few: string, many: string) => (count: string) => {
  const rule = new Intl.PluralRules("ru").select(Number(count.replace(/\D/g, "")));
  return `${count} ${rule === "one" ? one : rule === "few" ? few : many}`;
};

const waitingEvents = plural("ждёт", "ждут", "ждут");

export const FEED_WORDS_RU: FeedWords = {
  events: "События",
  received: "получено",
  pause: "Пауза",
  resume: (waiting) => `Продолжить · ${waitingEvents(waiting)}`,
  filter: "Фильтр событий",
  filterHint: "Фильтр: текст или type:news_* source:shop",
  clear: "Сбросить",
  time: "Время",
  ranges: { any: "Всё время", "5": "5 минут", "60": "Час", today: "Сегодня", between: "С … по …" },
  from: "С",
  to: "По",
  shown: (matching, loaded) => `${matching} из ${loaded}`,
  noMatch: "Среди загруженных событий подходящих нет.",
  fresh: plural("новое", "новых", "новых"),
  types: "Типы",
  filterBy: (type, count) => `${type}: ${count}. Показать только этот тип.`,
  loading: "События загружаются…",
  live: "Отсюда в прямом эфире",
  resets: {
    trimmed: "Здесь не хватает событий: хаб их больше не хранит. Дальше идут самые старые из сохранённых.",
    epoch: "Здесь может не хватать событий: хаб начал новую историю. Страница продолжает с этого момента.",
    ahead: "Здесь может не хватать событий: хаб потерял самые новые. Страница продолжает с этого момента.",
  },
  removed: "Это событие удалил оператор.",
  deleted: "Это событие удалено: такие старые события хаб больше не хранит.",
  unknown: "В журнале канала нет такого события. Возможно, оно из прежней истории хаба.",
  first: "Первое событие этого канала",
  olderDeleted: "Более старые события удалены",
  olderLoading: "Загружаются более старые события…",
  olderFailed: "Не удалось загрузить более старые события.",
  retry: "Повторить",
  loadOlder: "Загрузить более старые",
  emptyTitle: "Событий пока нет",
  emptyHow: "Отправьте первое из терминала. Оно сразу появится здесь.",
  copy: "Копировать",
  copyJson: "Копировать JSON",
  copyCurl: "Копировать как curl",
  copyLink: "Копировать ссылку",
  event: "Событие",
  back: "Назад",
  close: "Закрыть",
  newer: "Более новое событие",
  older: "Более старое событие",
  members: { type: "Тип", source: "Источник", id: "Id", seq: "Seq", cursor: "Курсор", timestamp: "Время" },
  data: "Данные",
  foldAll: "Свернуть всё",
  unfoldAll: "Развернуть всё",
  moreLines: (count) => `Показать ещё ${count}`,
  items: plural("элемент", "элемента", "элементов"),
  characters: plural("символ", "символа", "символов"),
  emitAgain: "Отправить снова",
  emitted: (cursor) => `Отправлено: ${cursor}.`,
  key: "Ключ или токен",
  emit: "Отправить",
};
