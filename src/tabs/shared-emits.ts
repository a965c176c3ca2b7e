// The emits of all tabs, each answered once by the hub.
import type { Ports } from "../client/connection/ports.ts";
import type { Reactor } from "../client/index.ts";
import { encodeEmitted } from "../wire/server-frame.ts";
import type { TabSession } from "./tab-session.ts";

/** A tab whose socket was lost with an answer has sent the emit again by then. */
const REMEMBER_MS = 60_000;

export class SharedEmits {
  readonly #after: Ports["after"];
  /** By id, a while beyond their answers: a tab that sends one again after an outage gets the answer to the first. */
  readonly #sent = new Map<unknown, ReturnType<Reactor["emit"]>>();

  constructor(after: Ports["after"]) {
    this.#after = after;
  }

  /** Sends a tab's emit on, and answers it. */
  async send(
    reactor: Reactor,
    session: TabSession,
    ref: unknown,
    { type, data, id }: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const sent = this.#sent.get(id) ?? reactor.emit(String(type), data, { id: String(id) });
    const forget = () => this.#sent.get(id) === sent && this.#sent.delete(id);
    this.#sent.set(id, sent);
    try {
      const { cursor, id: given, duplicate } = await sent;
      session.say(encodeEmitted({ ref, cursor, id: given, duplicate }));
      this.#after(REMEMBER_MS, forget);
    } catch (error) {
      forget();
      const { code = "internal", message } = error as { readonly code?: string; readonly message: string };
      if (code !== "closed") session.refuse(code, message, ref); // else the tab sends it again elsewhere
    }
  }

  clear(): void {
    this.#sent.clear();
  }
}
