// The words of what emits events, and of notifications.
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
  name: "emit",
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
};
