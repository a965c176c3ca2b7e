// The options of `connect`, and their validation. Invalid options throw at once: a browser does not report why a socket
// failed to open, and the client would retry forever.
import { isChannel } from "../wire/channel.ts";
import { type Cursor, parseCursor } from "../wire/cursor.ts";
import { asObject } from "../wire/json.ts";
import { MAX_LAST_EVENTS } from "../wire/limits.ts";
import type { Parse } from "../wire/server-frame.ts";
import { check, checkNames, checkPatterns, isCount, isFunction } from "./check.ts";
import type { ClientSocket } from "./connection/ports.ts";
import { isHubUrl } from "./connection/stream-url.ts";
import type { TokenSource } from "./credential.ts";

/**
 * Which hub, channel and events to connect to, and how. An option that does not exist, or whose value is invalid, is thrown as a
 * TypeError that names it.
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
   * Address of the hub, `http(s):` or `ws(s):`, such as `https://events.example.org`; with a path where the hub is behind one, as
   * in `https://example.org/realtime`. Default: the page's own origin; of a hub's `/static/js/client.js`, that hub.
   */
  readonly url?: string | undefined;
  /** Channel name: 1 to 128 of `A-Z a-z 0-9 . _ : -`, starting with a letter or digit; case tells. Default: `main`. */
  readonly channel?: string | undefined;
  /**
   * At most 64 patterns, such as `news_*`: event types in which at most four `*` stand for any run of characters each, of at most
   * 8 KiB together; an empty list: all events. Default: the patterns that `on` listens to.
   */
  readonly events?: readonly string[] | undefined;
  /**
   * Resume after this position: a value of `Reactor.cursor`, or `0.0`, the beginning. Default, also for `null` and `undefined`:
   * after the newest event.
   *
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * const url = "https://events.example.org";
   * const { cursor } = await (await fetch(`${url}/api/events?last=1`)).json(); // first the place in the log, then
   * const state = new Map([["First", { title: "First" }]]); // the state, as your backend has it
   * const reactor = connect({ url, cursor });
   * reactor.on("news_processed", ({ data }) => {
   *   const { title } = data as { title: string };
   *   state.set(title, { title }); // what happened between the two is in both: applied twice, it is there once
   *   console.log(state.size); // → 2
   * });
   * ```
   */
  readonly cursor?: string | null | undefined;
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
  /**
   * Reads a frame in place of `JSON.parse`, which rounds integers beyond 2⁵³. It gets the text of a whole frame. Where it throws, the
   * error is reported as a listener's, and the frame is read by `JSON.parse`.
   *
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * const parse = (text: string) =>
   *   JSON.parse(text, (_key, value, context?: { source: string }) =>
   *     Number.isInteger(value) && !Number.isSafeInteger(value) ? (context?.source ?? value) : value,
   *   );
   * const reactor = connect({ url: "https://events.example.org", parse });
   * reactor.on("news_processed", (event) => console.log(event.data)); // → {"title":"Hello"}
   * ```
   */
  readonly parse?: Parse | undefined;
  /**
   * The class of sockets, where there is no global `WebSocket` (Node before 22): that of the package `ws`, for instance. Default: the
   * global one.
   */
  readonly WebSocket?: (new (url: string, protocols: string[]) => ClientSocket) | undefined;
  /**
   * Opens something like a socket in place of a WebSocket: another transport, or one that is watched. Not together with `WebSocket`.
   *
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * function open(url: string, protocols: string[]) {
   *   console.log(url); // → ws…/ws/stream?events=news_*
   *   return new WebSocket(url, protocols);
   * }
   * connect({ url: "https://events.example.org", open, events: ["news_*"] });
   * ```
   */
  readonly open?: ((url: string, protocols: string[]) => ClientSocket) | undefined;
}

const NAMES = "url channel events cursor last token parse WebSocket open";

/** @returns the options of `connect`'s argument, which is those or a `url` alone @throws TypeError if it is neither */
export function optionsOf(target: string | ConnectOptions): ConnectOptions {
  const options = typeof target === "string" ? { url: target } : target;
  check(asObject(options) !== undefined, "options", "a url, or an object", target);
  return options;
}

/** @returns the cursor to resume from; `undefined`: start at the head. @throws TypeError if an option is invalid */
export function checkOptions(options: ConnectOptions): Cursor | undefined {
  const may = (name: keyof ConnectOptions, isRight: (value: unknown) => boolean, what: string) => {
    const value = options[name];
    check(value === undefined || isRight(value), name, what, value);
  };
  checkNames(options, NAMES);
  may("url", isHubUrl, "an address of http(s): or ws(s):, without a query");
  may("channel", isChannel, "1 to 128 of A-Z a-z 0-9 . _ : -, beginning with a letter or digit");
  for (const name of ["parse", "WebSocket", "open"] as const) may(name, isFunction, "a function");
  may("open", () => !options.WebSocket, "without `WebSocket`");
  may("last", isCount, `a whole number from 1 to ${MAX_LAST_EVENTS}`);
  const { events, cursor } = options;
  if (events !== undefined) checkPatterns(events, "events");
  if (cursor === undefined || cursor === null) return undefined;
  may("last", () => false, "without `cursor`");
  may("cursor", (value) => parseCursor(value) !== undefined, "a value of `reactor.cursor`");
  return parseCursor(cursor);
}
