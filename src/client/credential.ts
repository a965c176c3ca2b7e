// The token of a connection. It is sent beside the subprotocol and in an `auth` frame, never in the URL, because URLs end up
// in logs. It is never stored.
import { encodeAuth } from "../wire/client-frame.ts";
import { TOKEN_SUBPROTOCOL } from "../wire/server-frame.ts";
import type { ClientSocket, Ports } from "./connection/ports.ts";
import { report } from "./listener-set.ts";

/**
 * A JWT, or a function that returns a fresh one; it is called whenever the hub no longer accepts the last one, and shortly
 * before it expires. The token comes from your backend, and consists of letters, digits, `_`, `-` and dots.
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
export type TokenSource = string | (() => string | Promise<string>);

/** A browser prints an invalid subprotocol, and so the token, in the console. */
const TOKEN = /^[\w.-]+$/;

export class Credential {
  /** `undefined`: a fixed token, which cannot be renewed. */
  readonly #fetch: Exclude<TokenSource, string> | undefined;
  readonly #open: Ports["open"];
  /** For the next socket too: after a deploy all clients reconnect, and would ask their backend for tokens at once. */
  #token: string | undefined;
  /** Whether the hub has refused a token since its last welcome. */
  #isRefused = false;

  /** @throws TypeError if `source` is neither a function nor a token */
  constructor(source: TokenSource, { open }: Ports) {
    this.#open = open;
    if (typeof source === "function") this.#fetch = source;
    else this.#token = validated(source);
  }

  /** Like `Ports.open`, once there is a token. If fetching one fails, the socket closes at once with 1006. */
  readonly open: Ports["open"] = (url, protocols) => {
    const openWith = (token: string | undefined) => this.#open(url, [...protocols, TOKEN_SUBPROTOCOL + token]);
    if (this.#token !== undefined) return openWith(this.#token);
    let socket: ClientSocket | undefined;
    let isLeft = false;
    const opening = this.#ask().then((token) => {
      if (!isLeft) socket = openWith(token); // else it came too late, and is kept for the next socket
    });
    opening.catch(report);
    return {
      // biome-ignore lint/suspicious/noExplicitAny: one body for the interface's two overloads
      addEventListener(type: any, listener: (event: any) => void) {
        const fail = () => type === "close" && listener({ code: 1006, reason: "no token" });
        opening.then(() => socket?.addEventListener(type, listener), fail);
      },
      send: (text) => socket?.send(text),
      close(code) {
        isLeft = true;
        socket?.close(code);
      },
    };
  };

  welcomed(): void {
    this.#isRefused = false;
  }

  /** The hub has refused the token. @returns whether to reconnect with a fresh one: once after each welcome */
  renew(): boolean {
    if (!this.#fetch) return false;
    const isFirst = !this.#isRefused;
    this.#isRefused = true;
    this.#token = undefined;
    return isFirst;
  }

  /**
   * Sends a fresh token, on this socket or the next. If fetching fails, the hub closes the socket when the old token
   * expires, and the client fetches again. An unchanged token is not sent: the hub would announce its expiry in a loop.
   *
   * @returns whether the token can be renewed
   */
  refresh(send: (text: string) => void): boolean {
    if (!this.#fetch) return false;
    const shown = this.#token;
    this.#ask().then((token) => token !== shown && send(encodeAuth(token)), report);
    return true;
  }

  async #ask(): Promise<string> {
    const token = validated(await this.#fetch?.());
    this.#token = token;
    return token;
  }
}

function validated(token: unknown): string {
  if (typeof token === "string" && TOKEN.test(token)) return token;
  throw new TypeError("A token is a JWT: letters, digits, _, - and dots.");
}
