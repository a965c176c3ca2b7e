// The options of `connect`, and their validation. Invalid options throw at once: a browser does not report why a socket
// failed to open, and the client would retry forever.
import { channelFault, isChannel } from "../wire/channel.ts";
import { type Cursor, parseCursor } from "../wire/cursor.ts";
import { MAX_LAST_EVENTS } from "../wire/limits.ts";
import { parseAsked } from "../wire/pattern.ts";
import type { TokenSource } from "./credential.ts";

/**
 * Which hub, channel and events to connect to. An invalid channel, pattern, cursor, `last` or token string is thrown as a
 * TypeError.
 *
 * @example
 * ```ts
 * import { type ConnectOptions, connect } from "pulse-reactor/client";
 *
 * const options: ConnectOptions = {
 *   url: "https://events.example.org",
 *   channel: "eu",
 *   events: ["news_*", "digest_created"],
 *   cursor: "0.0", // the beginning of the log: replay everything that it keeps
 *   token: () => fetch("/my/token").then((reply) => reply.text()),
 * };
 * connect(options).on("news_processed", (event) => console.log(event.seq)); // → 1 → 2
 * ```
 */
export interface ConnectOptions {
  /**
   * URL of the hub, such as `https://events.example.org`; its path is ignored. Default: the page's own origin; of a hub's
   * `/static/js/client.js`, that hub.
   */
  readonly url?: string | undefined;
  /** Channel name: 1 to 128 of `A-Z a-z 0-9 . _ : -`, starting with a letter or digit; case tells. Default: `main`. */
  readonly channel?: string | undefined;
  /**
   * At most 64 patterns, such as `news_*`: event types in which at most four `*` stand for any run of characters each, of at most
   * 8 KiB together. Default: all events.
   */
  readonly events?: readonly string[] | undefined;
  /** Resume after this position: a value of `Reactor.cursor`, or `0.0`, the beginning. Default: after the newest event. */
  readonly cursor?: string | undefined;
  /**
   * Begin with the newest events that are there, 1 to 1,000 of those that match `events`, oldest first; not together with
   * `cursor`. The hub sends fewer where they take more than 4 MiB, or lie behind 10,000 other events. A reconnect resumes at
   * the cursor, and gets none of them again. Default: only what is emitted from now on.
   *
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * const reactor = connect({ url: "https://events.example.org", last: 50 }); // what was there, then what comes
   * reactor.on("news_processed", (event) => console.log(event.data)); // → {"title":"First"} → {"title":"Hello"}
   * ```
   */
  readonly last?: number | undefined;
  /**
   * A JWT, or a function that returns one. The function is called for the first token, and again whenever the hub asks for
   * a fresh one; no event is lost meanwhile. An exception is reported like a listener's; it, or a token that takes more
   * than 10 s, counts as a failed attempt and is retried. With a string the connection closes when the token expires.
   */
  readonly token?: TokenSource | undefined;
}

/** @returns the cursor to resume from; `undefined`: start at the head. @throws TypeError if an option is invalid */
export function checkOptions({ channel, events, cursor, last }: ConnectOptions): Cursor | undefined {
  if (channel !== undefined && !isChannel(channel)) throw new TypeError(channelFault(channel));
  const patterns = parseAsked(events ?? []);
  if (!patterns.ok) throw new TypeError(patterns.problem.detail);
  if (last !== undefined && !(Number.isInteger(last) && last > 0 && last <= MAX_LAST_EVENTS)) {
    throw new TypeError(`\`last\` is not a whole number from 1 to ${MAX_LAST_EVENTS}.`);
  }
  if (cursor === undefined) return undefined;
  if (last !== undefined) throw new TypeError("`cursor` and `last` exclude each other.");
  const start = parseCursor(cursor);
  if (!start) throw new TypeError(`"${cursor}" is not a valid cursor: use a value of \`reactor.cursor\`.`);
  return start;
}
