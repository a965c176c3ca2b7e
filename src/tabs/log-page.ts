// Pages of the log over HTTP, for a tab that is behind the others.
import { type Cursor, parseCursor } from "../wire/cursor.ts";
import { asObject, parseObject } from "../wire/json.ts";
import { logPageUrl, mayPass } from "../wire/log-page-url.ts";
import type { Reset } from "../wire/server-frame.ts";
import type { TabsPorts } from "./tabs-ports.ts";

export interface LogPage {
  /** As the hub wrote it. */
  readonly text: string;
  /** It has what matches behind this position, */
  readonly after: Cursor;
  /** up to this one. */
  readonly cursor: Cursor;
  readonly more: boolean;
  readonly reset: Reset | undefined;
}

/** Why there is no page; `isFinal`: nor will there be one. */
export interface Unread {
  readonly isFinal: boolean;
  readonly code: string;
  readonly message: string;
}

/**
 * @param stream the URL of the stream, with its channel
 * @param start `after=<cursor>` or `last=<count>`
 */
export async function readPage(
  stream: string,
  start: string,
  patterns: readonly string[],
  token: string | undefined,
  { fetch }: Pick<TabsPorts, "fetch">,
): Promise<LogPage | Unread> {
  const url = logPageUrl(stream, start, patterns);
  try {
    const reply = await fetch(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
    const text = await reply.text();
    const { after, cursor, more, reset, code, detail } = parseObject(text) ?? {};
    const [from, to] = [parseCursor(after), parseCursor(cursor)];
    if (reply.ok && from && to) {
      return {
        text,
        after: from,
        cursor: to,
        more: more === true,
        reset: asObject(reset) as unknown as Reset | undefined,
      };
    }
    const isFinal = !reply.ok && !mayPass(reply.status);
    return { isFinal, code: String(code ?? "log_unavailable"), message: `The log: ${detail ?? reply.status}` };
  } catch (error) {
    return { isFinal: false, code: "log_unavailable", message: `The log: ${error}` };
  }
}
