// JSON as lines that fold. It walks with a stack of its own, and no further than what is shown: data may be deep and long.
import type { Json } from "../../../client/index.ts";

type Container = readonly Json[] | { readonly [key: string]: Json };

export interface JsonLine {
  readonly depth: number;
  /** Of a member, as JSON. */
  readonly name: string | null;
  /** As JSON; of a container its bracket, or both if it is empty or folded. */
  readonly text: string;
  readonly kind: "string" | "number" | "boolean" | "null" | "container" | "end";
  /** How many characters are not shown. */
  readonly hidden: number;
  readonly hasComma: boolean;
  /** What folds here. */
  readonly container: Container | null;
  readonly isOpen: boolean;
  /** Of a folded container. */
  readonly items: number;
}

/** As much of a text as one line shows. */
const SHOWN_UNITS = 2_000;

interface Level {
  readonly container: Container;
  readonly names: readonly string[] | null;
  next: number;
}

/** @param isOpen whether a container's members are shown @param most lines @returns them, and whether there are more */
export function jsonLines(
  data: Json,
  isOpen: (container: object, depth: number, items: number) => boolean,
  most: number,
): { readonly lines: readonly JsonLine[]; readonly isAll: boolean } {
  const lines: JsonLine[] = [];
  const levels: Level[] = [];
  const show = (value: Json, name: string | null, hasComma: boolean) => {
    const depth = levels.length;
    const named = name === null ? null : cut(JSON.stringify(name)).text;
    if (typeof value !== "object" || value === null) {
      const { text, hidden } = cut(JSON.stringify(value));
      const kind = value === null ? "null" : (typeof value as "string" | "number" | "boolean");
      lines.push({ depth, name: named, text, kind, hidden, hasComma, container: null, isOpen: false, items: 0 });
      return;
    }
    const names = Array.isArray(value) ? null : Object.keys(value);
    const items = names?.length ?? (value as readonly Json[]).length;
    const [begin, end] = names ? ["{", "}"] : ["[", "]"];
    const isShown = items > 0 && isOpen(value, depth, items);
    lines.push({
      depth,
      name: named,
      text: isShown ? begin : items > 0 ? `${begin}…${end}` : begin + end,
      kind: "container",
      hidden: 0,
      hasComma: hasComma && !isShown,
      container: items > 0 ? value : null,
      isOpen: isShown,
      items,
    });
    if (isShown) levels.push({ container: value, names, next: 0 });
  };
  show(data, null, false);
  while (levels.length > 0 && lines.length < most) {
    const level = levels.at(-1) as Level;
    const { container, names, next } = level;
    const items = names?.length ?? (container as readonly Json[]).length;
    if (next === items) {
      levels.pop();
      const above = levels.at(-1);
      const hasComma = above !== undefined && above.next < sizeOf(above);
      const text = names ? "}" : "]";
      lines.push({
        depth: levels.length,
        name: null,
        text,
        kind: "end",
        hidden: 0,
        hasComma,
        container: null,
        isOpen: false,
        items,
      });
      continue;
    }
    level.next++;
    const name = names ? String(names[next]) : null;
    const value = name === null ? (container as readonly Json[])[next] : (container as Record<string, Json>)[name];
    show(value ?? null, name, level.next < items);
  }
  return { lines, isAll: levels.length === 0 };
}

function sizeOf({ container, names }: Level): number {
  return names?.length ?? (container as readonly Json[]).length;
}

function cut(text: string): { readonly text: string; readonly hidden: number } {
  const hidden = Math.max(0, text.length - SHOWN_UNITS);
  return { text: hidden > 0 ? `${text.slice(0, SHOWN_UNITS)}…` : text, hidden };
}
