// What a tab says over its socket, as a client says it to a hub.
import type { Reactor } from "../client/index.ts";
import { type Cursor, formatCursor, parseCursor } from "../wire/cursor.ts";
import { asObject, parseObject } from "../wire/json.ts";
import type { SharedEmits } from "./shared-emits.ts";
import type { TabSession } from "./tab-session.ts";

/** The holder, as far as messages need it. */
export interface MessagePorts {
  readonly emits: SharedEmits;
  reactor(): Reactor | undefined;
  /** Where the connection is. */
  cursor(): Cursor;
  has(session: TabSession): boolean;
  /** A tab asks for other patterns. */
  serve(): void;
  /** A tab that was slow goes on behind its cursor. */
  catchUp(session: TabSession, start: string): void;
  renew(session: TabSession, token: string): void;
}

export class TabMessages {
  readonly #ports: MessagePorts;
  #ping: Promise<number | null> | undefined;

  constructor(ports: MessagePorts) {
    this.#ports = ports;
  }

  hear(session: TabSession, text: string): void {
    if (text === "ping") {
      this.#answerPing(session);
      return;
    }
    const message = parseObject(text);
    const data = asObject(message?.data) ?? {};
    const reactor = this.#ports.reactor();
    switch (message?.type) {
      case "subscribe":
        session.asking.push(data.events as readonly string[]);
        this.#ports.serve();
        break;
      case "ack":
        this.#acknowledge(session, parseCursor(data.cursor));
        break;
      case "emit":
        if (reactor) void this.#ports.emits.send(reactor, session, message.ref, data);
        break;
      case "auth":
        this.#ports.renew(session, String(data.token));
        break;
      default:
        reactor?.send(String(message?.type), message?.data);
    }
  }

  #acknowledge(session: TabSession, cursor: Cursor | undefined): void {
    if (cursor) session.acknowledged(cursor);
    if (session.phase === "slow" && !session.isSlow && session.cursor) {
      this.#ports.catchUp(session, `after=${formatCursor(session.cursor)}`);
    }
  }

  /** The hub's own answer: a tab that is back on the network learns whether the line is dead. */
  #answerPing(session: TabSession): void {
    this.#ping ??= this.#ports
      .reactor()
      ?.ping()
      .finally(() => {
        this.#ping = undefined;
      });
    void this.#ping?.then((ms) => {
      if (ms === null || !this.#ports.has(session)) return;
      if (session.phase === "live") session.progress(this.#ports.cursor());
      session.say("pong");
    });
  }
}
