// The token that a connection shows. It travels beside the subprotocol and in an `auth` frame, never in the URL: those end
// up in logs. Nothing here writes one anywhere.
import { encodeAuth } from "../wire/client-frame.ts";
import { TOKEN_SUBPROTOCOL } from "../wire/server-frame.ts";
import type { ClientSocket, Ports } from "./connection/ports.ts";
import { report } from "./listener-set.ts";

/** A token, or a function that gives a fresh one, which is asked whenever the hub does not take the last one any more. */
export type TokenSource = string | (() => string | Promise<string>);

/** A browser's own refusal of another subprotocol would show it in the console. */
const TOKEN = /^[\w.-]+$/;

export class Credential {
  /** `undefined`: there is one token, and nobody to ask for another. */
  readonly #fetch: Exclude<TokenSource, string> | undefined;
  readonly #open: Ports["open"];
  /** Which the next socket shows: asking for another costs somebody's backend, all at once after a deploy. */
  #token: string | undefined;
  /** Whether the hub has refused one since its last welcome. */
  #isRefused = false;

  /** @throws a TypeError if `source` is neither a function nor a token */
  constructor(source: TokenSource, { open }: Ports) {
    this.#open = open;
    if (typeof source === "function") this.#fetch = source;
    else this.#token = validated(source);
  }

  /** As `Ports.open`, once there is a token. Where none can be had, it is a socket that breaks at once. */
  readonly open: Ports["open"] = (url, protocols) => {
    const openWith = (token: string | undefined) => this.#open(url, [...protocols, TOKEN_SUBPROTOCOL + token]);
    if (this.#token !== undefined) return openWith(this.#token);
    let socket: ClientSocket | undefined;
    let isLeft = false;
    const opening = this.#ask().then((token) => {
      if (!isLeft) socket = openWith(token); // else it came too late, and is there for the next
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

  /** The hub has refused what was shown. @returns whether to come back with a fresh one: once, unless it welcomes */
  renew(): boolean {
    if (!this.#fetch) return false;
    const isFirst = !this.#isRefused;
    this.#isRefused = true;
    this.#token = undefined;
    return isFirst;
  }

  /**
   * Shows a fresh one, on the socket that there is or on the next. If none can be had, the hub closes the socket in the end,
   * and it is asked for again. The same one is not shown twice: the hub would say again that it expires, without end.
   *
   * @returns whether there is anybody to ask
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
