// What `connect` is given. What a hub would refuse of it is refused at once: a browser does not tell why a socket did not
// open, and the client would try for ever.
import { isChannel } from "../wire/channel.ts";
import { type Cursor, parseCursor } from "../wire/cursor.ts";
import { parsePatterns } from "../wire/pattern.ts";
import type { TokenSource } from "./credential.ts";

export interface ConnectOptions {
  /** Where the hub is, such as `https://events.example.org`: this page's own server if not given. */
  readonly url?: string | undefined;
  /** Default `main`. */
  readonly channel?: string | undefined;
  /** Patterns of event types to hear, such as `news_*`; everything if not given. */
  readonly events?: readonly string[] | undefined;
  /** The place to go on from, as `Reactor.cursor` gave it; the newest event if not given. */
  readonly cursor?: string | undefined;
  /**
   * Who the page is for, where the hub wants to know: a JWT, or a function that gives one. A function is asked for the
   * first one, and for a fresh one whenever the hub wants it, without losing an event. If it throws, that is reported as
   * any listener's failure; that, and a token that takes more than 10 s, is an attempt in vain, and it is tried again. With
   * a string the connection ends when that has expired.
   */
  readonly token?: TokenSource | undefined;
}

/** @returns where to begin; `undefined`: at the head. @throws a TypeError that says what is wrong */
export function checkOptions({ channel, events, cursor }: ConnectOptions): Cursor | undefined {
  if (channel !== undefined && !isChannel(channel)) throw new TypeError(`"${channel}" is no channel.`);
  const patterns = parsePatterns(events ?? []);
  if (!patterns.ok) throw new TypeError(patterns.problem.detail);
  if (cursor === undefined) return undefined;
  const start = parseCursor(cursor);
  if (!start) throw new TypeError(`"${cursor}" is no cursor: take one from \`reactor.cursor\`.`);
  return start;
}
