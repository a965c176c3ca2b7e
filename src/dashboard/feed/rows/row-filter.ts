// Which events the list shows: what the field says, and a range of time.
import { matchesType } from "../../../wire/type-match.ts";
import type { EventRow } from "./feed-row.ts";

export interface RowFilter {
  /** Patterns of types, one of which matches; none: every type. */
  readonly types: readonly string[];
  /** As `types`. */
  readonly sources: readonly string[];
  /** In lower case. Each is in the event's type, source, id or data. */
  readonly words: readonly string[];
  /** Unix time in ms; `null`: unlimited. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

export const NO_FILTER: RowFilter = { types: [], sources: [], words: [], fromMs: null, toMs: null };

/** `name:"quoted value"`, `name:value`, `"quoted words"` or a word; a quotation may be open at the end while it is typed. */
const TERM = /(?:(type|source):)?(?:"([^"]*)(?:"|$)|(\S+))/gi;

/**
 * @param text `type:news_*`, `source:shop` and words, in any order; values with spaces are quoted. A word with a `*` is a pattern of
 * types. Several types, or several sources, are alternatives; everything else narrows.
 */
export function parseFilter(text: string): Omit<RowFilter, "fromMs" | "toMs"> {
  const types: string[] = [];
  const sources: string[] = [];
  const words: string[] = [];
  for (const [, name, quoted, bare] of text.matchAll(TERM)) {
    const value = quoted ?? bare ?? "";
    if (value === "" || /^(type|source):$/i.test(value)) continue; // more is being typed
    if (name?.toLowerCase() === "source") sources.push(value);
    else if (name !== undefined || (quoted === undefined && value.includes("*"))) types.push(value);
    else words.push(value.toLowerCase());
  }
  return { types, sources, words };
}

/** @returns the text with that type as its only one, or without it if it was */
export function toggleType(text: string, type: string): string {
  const { types } = parseFilter(text);
  const value = type.includes('"') ? type.replace(/[\s"]/g, "*") : type; // a quotation cannot hold quotes
  const others = text
    .replace(TERM, (term, name, quoted, bare) => {
      const isType = name?.toLowerCase() === "type" || (!name && quoted === undefined && bare?.includes("*"));
      return isType ? "" : term;
    })
    .replace(/\s+/g, " ")
    .trim();
  if (types.length === 1 && types[0] === value) return others;
  const term = /\s/.test(value) ? `type:"${value}"` : `type:${value}`;
  return others === "" ? term : `${term} ${others}`;
}

export function isFiltering({ types, sources, words, fromMs, toMs }: RowFilter): boolean {
  return types.length + sources.length + words.length > 0 || fromMs !== null || toMs !== null;
}

export function passes(filter: RowFilter, { envelope, text }: EventRow): boolean {
  const { type, source, id, timestamp } = envelope;
  if (!fitsOne(filter.types, type) || !fitsOne(filter.sources, source)) return false;
  if (filter.fromMs !== null || filter.toMs !== null) {
    const at = Date.parse(timestamp);
    if (!(at >= (filter.fromMs ?? at) && at <= (filter.toMs ?? at))) return false;
  }
  if (filter.words.length === 0) return true;
  const all = `${type}\n${source}\n${id}\n${text}`.toLowerCase();
  return filter.words.every((word) => all.includes(word));
}

function fitsOne(patterns: readonly string[], name: string): boolean {
  return patterns.length === 0 || patterns.some((pattern) => matchesType(pattern, name));
}
