import type { Table } from "../words/language.ts";
import type { NotificationMode } from "./notifications.tsx";

export interface EmitWords {
  title: string;
  type: string;
  source: string;
  optional: string;
  data: string;
  emit: string;
  curl: string;
  copyCurl: string;
  test: string;
  testMessage: string;
  send: string;
  sentAs(cursor: string): string;
  at(pointer: string): string;
  place(line: number, column: number): string;
  expected(what: string): string;
  /** What `findFault` may expect, where it is to be translated. */
  things: Readonly<Record<string, string>>;
  end: string;
  notify: string;
  pattern: string;
  modes: Readonly<Record<NotificationMode, string>>;
}

export const EMIT_WORDS: Table<EmitWords> = {
  en: {
    title: "Emit an event",
    type: "Type",
    source: "Source",
    optional: "optional",
    data: "Data (JSON)",
    emit: "Emit",
    curl: "From a shell",
    copyCurl: "Copy the curl line",
    test: "Send a test event",
    testMessage: "A test, sent from /live",
    send: "Send",
    sentAs: (cursor) => `Sent as ${cursor}.`,
    at: (pointer) => `At ${pointer}.`,
    place: (line, column) => `Line ${line}, column ${column}:`,
    expected: (what) => `expected ${what}.`,
    things: {},
    end: "end",
    notify: "Notify me",
    pattern: "Types to be notified of",
    modes: {
      off: "",
      on: "While this page is in the background, the newest of these events is shown.",
      refused: "Your browser does not allow notifications from this page.",
      missing: "Your browser does not support notifications here.",
    },
  },
  ru: {
    title: "Отправить событие",
    type: "Тип",
    source: "Источник",
    optional: "необязательно",
    data: "Данные (JSON)",
    emit: "Отправить",
    curl: "Из командной строки",
    copyCurl: "Копировать команду curl",
    test: "Отправить тестовое событие",
    testMessage: "Проверка, отправлено с /live",
    send: "Отправить",
    sentAs: (cursor) => `Отправлено: ${cursor}.`,
    at: (pointer) => `Место: ${pointer}.`,
    place: (line, column) => `Строка ${line}, столбец ${column}:`,
    expected: (what) => `ожидается ${what}.`,
    things: {
      "a value": "значение",
      "a digit": "цифра",
      "a name in double quotes": "имя в двойных кавычках",
      "nothing more": "конец текста",
      '"," or "]"': "«,» или «]»",
      '"," or "}"': "«,» или «}»",
      "control characters to be escaped": "экранирование управляющего символа",
      'one of "\\/bfnrtu': 'один из символов "\\/bfnrtu',
      "four hexadecimal digits": "четыре шестнадцатеричные цифры",
      "the string to end": "конец строки в кавычках",
    },
    end: "конец",
    notify: "Уведомлять",
    pattern: "О каких типах уведомлять",
    modes: {
      off: "",
      on: "Пока страница в фоне, показывается новейшее из этих событий.",
      refused: "Браузер не разрешает этой странице уведомления.",
      missing: "Браузер не поддерживает здесь уведомления.",
    },
  },
};
