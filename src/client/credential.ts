// The token of a connection. It is sent beside the subprotocol and in an `auth` frame, never in the URL, because URLs end up
// in logs. It is never stored.

import { encodeAuth } from "../wire/client-frame.ts";
import { UNAUTHORIZED } from "../wire/close-code.ts";
import { TOKEN_SUBPROTOCOL } from "../wire/server-frame.ts";
import { TOKEN_EXPIRED, TOKEN_NOT_YET_VALID } from "../wire/token-refusal.ts";
import { NO_TOKEN, type Presenter } from "./connection/connection.ts";
import { report } from "./listener-set.ts";

/**
 * A JWT, or a function that returns a fresh one; it is called whenever the hub no longer accepts the last one, and shortly
 * before it expires. The token comes from your backend, and consists of letters, digits, `_`, `-` and dots. `null`: there is none, and
 * the connection closes.
 *
 * @example
 * ```ts
 * import { connect, type TokenSource } from "pulse-reactor/client";
 *
 * const token: TokenSource = async () => {
 *   const reply = await fetch("/my/token");
 *   if (!reply.ok) throw new Error(`No token: ${reply.status}`); // the client tries again later
 *   return reply.text();
 * };
 * const reactor = connect({ url: "https://events.example.org", token });
 * reactor.onState((state) => console.log(state)); // → connected
 * ```
 */
export type TokenSource = string | (() => string | null | Promise<string | null>);

/** A browser prints an invalid subprotocol, and so the token, in the console. */
const TOKEN = /^[\w.-]+$/;

/** A token that is not valid yet is presented so many times before another one is asked for. */
const PATIENCE = 8;

export class Credential implements Presenter {
  /** `undefined`: a fixed token, which cannot be renewed. */
  readonly #fetch: Exclude<TokenSource, string> | undefined;
  /** For the next socket too: after a deploy all clients reconnect, and would ask their backend for tokens at once. */
  #token: string | undefined;
  /** What this socket has shown to the hub. */
  #shown: string | undefined;
  /** What the hub has refused last, and will refuse again: it is not shown again. */
  #refused: string | undefined;
  /** Whether the hub has refused a token since its last welcome for a reason that time does not cure. */
  #isInvalid = false;
  #tooEarly = 0;
  /** Questions are numbered: an answer does not replace the answer to a later one. */
  #asked = 0;
  #answered = 0;

  /** @throws TypeError if `source` is neither a function nor a token */
  constructor(source: TokenSource) {
    if (typeof source === "function") this.#fetch = source;
    else this.#token = validated(source);
  }

  next(): string | Promise<string> {
    return this.#token ?? this.#next();
  }

  offer(token: string): string {
    this.#shown = token;
    return TOKEN_SUBPROTOCOL + token;
  }

  /** The hub welcomes this socket. A token that came while it was opened is shown now. */
  welcomed(send: (text: string) => boolean): void {
    this.#forgive();
    if (this.#token !== undefined) this.#show(this.#token, send);
  }

  /**
   * The hub has refused the token, or there is none (4401).
   *
   * @param reason the hub's: where time cures it, the next token may pass, or the same one later
   * @returns whether to reconnect: not without a function, nor when another token was refused for a reason that lasts
   */
  renew(reason: string): boolean {
    if (!this.#fetch || reason === NO_TOKEN) return false;
    const isTooEarly = reason.startsWith(TOKEN_NOT_YET_VALID);
    if (isTooEarly && ++this.#tooEarly % PATIENCE > 0) return true;
    const lasts = !isTooEarly && !reason.startsWith(TOKEN_EXPIRED);
    const isFinal = lasts && this.#isInvalid;
    this.#token = undefined;
    this.#refused = isTooEarly ? undefined : this.#shown;
    this.#isInvalid ||= lasts;
    if (isFinal) this.#forgive(); // the page may open it once more
    return !isFinal;
  }

  /**
   * Sends a fresh token, on this socket or the next. If fetching fails, the hub closes the socket when the old token
   * expires, and the client fetches again. An unchanged token is not sent: the hub would announce its expiry in a loop.
   *
   * @returns whether the token can be renewed
   */
  refresh(send: (text: string) => boolean): boolean {
    if (!this.#fetch) return false;
    void this.#ask().then((token) => token && this.#show(token, send));
    return true;
  }

  /** @throws (rejects with) how the attempt ends: there is no token, or only the one that the hub has refused */
  async #next(): Promise<string> {
    const token = await this.#ask();
    if (token && token !== this.#refused) return token;
    throw { code: token === null ? UNAUTHORIZED : 1006, reason: NO_TOKEN };
  }

  #show(token: string, send: (text: string) => boolean): void {
    if (token !== this.#shown && send(encodeAuth(token))) this.#shown = token;
  }

  #forgive(): void {
    this.#refused = undefined;
    this.#isInvalid = false;
    this.#tooEarly = 0;
  }

  /**
   * @returns the newest token that is known once this question is answered; the refused one is not kept. `null`: there is none;
   * `undefined`: the function failed, which is reported
   */
  async #ask(): Promise<string | null | undefined> {
    const nth = ++this.#asked;
    try {
      const given = await this.#fetch?.();
      if (given === null) return this.#token ?? null;
      const token = validated(given);
      if (nth < this.#answered) return this.#token ?? token;
      this.#answered = nth;
      if (token !== this.#refused) this.#token = token;
      return token;
    } catch (error) {
      report(error);
      return undefined;
    }
  }
}

function validated(token: unknown): string {
  if (typeof token === "string" && TOKEN.test(token)) return token;
  throw new TypeError("`token` must be a JWT.");
}
