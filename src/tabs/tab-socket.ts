// A tab's socket to the holder of the connection, in place of one to the hub.
import type { ClientSocket, Close } from "../client/index.ts";
import type { ToHolder, ToTab } from "./tab-message.ts";

const [OPEN, CLOSED] = [1, 3];

export class TabSocket implements ClientSocket {
  readonly session: string;
  readonly url: string;
  readonly protocols: readonly string[];
  readyState = 0;
  /** Carries its messages; replaced where another tab holds the connection before this one was heard. */
  carry: (message: ToHolder) => void = () => {};
  readonly #onEnd: (socket: TabSocket) => void;
  readonly #messages: ((message: { readonly data: unknown }) => void)[] = [];
  readonly #closes: ((close: Close) => void)[] = [];
  readonly #opens: (() => void)[] = [];

  /** @param onEnd is called once, when either side has closed it */
  constructor(session: string, url: string, protocols: readonly string[], onEnd: (socket: TabSocket) => void) {
    this.session = session;
    this.url = url;
    this.protocols = protocols;
    this.#onEnd = onEnd;
  }

  /** Whether the holder has said something. */
  get isHeard(): boolean {
    return this.readyState === OPEN;
  }

  // biome-ignore lint/suspicious/noExplicitAny: one body for the interface's overloads
  addEventListener(type: "message" | "close" | "open" | "error", listener: (event?: any) => void): void {
    if (type === "message") this.#messages.push(listener);
    else if (type === "close") this.#closes.push(listener);
    else if (type === "open") this.#opens.push(listener);
  }

  send(text: string): void {
    this.carry({ kind: "text", session: this.session, text });
  }

  close(): void {
    if (this.readyState === CLOSED) return;
    this.carry({ kind: "close", session: this.session });
    this.#end();
  }

  /** Asks for it: the first thing that a holder hears. */
  knock(): void {
    const { session, url, protocols } = this;
    this.carry({ kind: "open", session, url, protocols });
  }

  take(message: ToTab): void {
    if (this.readyState === CLOSED) return;
    if (message.kind === "close") this.drop(message.code, message.reason);
    if (message.kind !== "text") return;
    if (this.readyState !== OPEN) {
      this.readyState = OPEN;
      for (const listener of this.#opens) listener();
    }
    for (const listener of this.#messages) listener({ data: message.text });
  }

  /** The other side is gone. */
  drop(code: number, reason: string): void {
    if (this.readyState === CLOSED) return;
    this.#end();
    for (const listener of this.#closes) listener({ code, reason });
  }

  #end(): void {
    this.readyState = CLOSED;
    this.#onEnd(this);
  }
}
