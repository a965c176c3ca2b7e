// Comma-separated lists: of variables, query parameters, headers, and the legacy `subscribe`.

/** The items without the space around them; empty ones do not count. None where `text` is absent. */
export function parseList(text: string | null | undefined): string[] {
  return (text ?? "").split(",").flatMap((item) => item.trim() || []);
}
