// What a Content-Type says: RFC 9110, section 8.3.

export interface MediaType {
  /** `type/subtype` in lower case. */
  readonly essence: string;
  /** Whether text of it is UTF-8: nothing else is said, or it is, or ASCII, which is the same in fewer letters. */
  readonly isUtf8: boolean;
}

export function parseMediaType(header: string): MediaType {
  const [essence = "", ...parameters] = header.split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  return { essence, isUtf8: charset === undefined || /^"?(utf-?8|us-ascii)"?$/.test(charset) };
}

export function isJsonType(essence: string): boolean {
  return /^[^/]+\/([^/]+\+)?json$/.test(essence);
}

/** Types whose bytes are meant to be read, as far as their names say so. */
export function isTextType(essence: string): boolean {
  return /^text\/|^[^/]+\/([^/]+\+)?xml$/.test(essence);
}
