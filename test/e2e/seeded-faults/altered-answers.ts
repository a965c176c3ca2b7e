// Faults in what HTTP requests ask, and in how they are answered.
import type { Answer, Fault, Presentation } from "../faulty-hub.ts";
import { isHistory } from "./altered-credentials.ts";

// biome-ignore lint/suspicious/noExplicitAny: JSON, as it came
type Json = any;

/** Reads the query of history, or of an upgrade, otherwise: `change` may alter it. */
export const asks = (change: NonNullable<Fault["query"]>): Fault => ({ query: change });

/** Changes each page of history. @returns the members that are different */
export function changesPage(change: (page: Json, query: URLSearchParams) => Json): Fault {
  return {
    reply(text, presentation) {
      if (!isHistory(presentation) || presentation.method !== "GET") return text;
      const page = JSON.parse(text || "{}");
      return Array.isArray(page.events) ? JSON.stringify({ ...page, ...change(page, presentation.query) }) : text;
    },
  };
}

/** Changes the events of each body that is JSON. */
export function changesEvents(change: (event: Json) => Json): Fault {
  return {
    body(text) {
      try {
        const sent = JSON.parse(text);
        return JSON.stringify(Array.isArray(sent) ? sent.map(change) : change(sent));
      } catch {
        return text;
      }
    },
  };
}

/** Sets headers of responses; `null`: removes them. */
export function setsHeaders(
  headers: Readonly<Record<string, string | null>>,
  where: (presentation: Presentation, answer: Answer) => boolean = () => true,
): Fault {
  return {
    answer(answer, presentation) {
      if (!where(presentation, answer)) return {};
      for (const [name, value] of Object.entries(headers)) {
        if (value === null) answer.headers.delete(name);
        else answer.headers.set(name, value);
      }
      return {};
    },
  };
}
