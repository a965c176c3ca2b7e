// What the frames of the hub mean for the tabs.
import type { Reactor } from "../client/index.ts";
import { type Cursor, parseCursor } from "../wire/cursor.ts";
import { applyRange } from "../wire/range.ts";
import { decodeServerFrame, type Reset, type ServerFrame } from "../wire/server-frame.ts";
import type { AskedPatterns } from "./asked-patterns.ts";
import type { Advice, TabSession } from "./tab-session.ts";

/** The holder, as far as frames need it. */
export interface FramePorts {
  readonly patterns: AskedPatterns;
  soon(run: () => void): void;
  reactor(): Reactor | undefined;
  /** Where the connection is. */
  cursor(): Cursor;
  sessions(): readonly TabSession[];
  /** Gives tabs what they wait for, as far as the hub sends it now. */
  serve(): void;
  /** @param text how the hub asks for a fresh token */
  askForToken(text: string): void;
}

export class HubFrames {
  readonly #ports: FramePorts;
  /** Whether the cursor is the hub's: not between a welcome and the reset that it has announced. */
  isPlaced = false;
  /** Whether the hub has nothing that came before: a tab that asks for no cursor begins where this is. */
  isAtHead = false;
  wasWelcomed = false;
  advice: Advice = { channel: "main", heartbeat_ms: 25_000 };

  constructor(ports: FramePorts) {
    this.#ports = ports;
  }

  /** A connection is to be opened. */
  begin(): void {
    this.isPlaced = this.wasWelcomed = false;
  }

  /** The socket is lost. */
  lost(): void {
    this.isPlaced = false;
  }

  /** Sees each frame before the connection does. @returns it, parsed */
  read(reactor: Reactor, text: string): unknown {
    const parsed: unknown = JSON.parse(text);
    if (reactor !== this.#ports.reactor()) return parsed;
    const frame = decodeServerFrame(text, () => parsed);
    if (frame?.type === "reactor_events") {
      if (applyRange(this.#ports.cursor(), frame).gap) return parsed; // the connection gives up
      if (!frame.more) this.isAtHead = true;
      for (const session of this.#ports.sessions()) {
        if (session.phase === "live") session.pass(text, frame);
        else if (session.phase === "reading") session.held.push(() => session.pass(text, frame));
      }
    } else {
      this.#ports.soon(() => {
        if (reactor === this.#ports.reactor() && reactor.state === "connected") this.#apply(text, frame);
      });
    }
    return parsed;
  }

  /** After the connection has applied it. */
  #apply(text: string, frame: ServerFrame | undefined): void {
    switch (frame?.type) {
      case "reactor_connected":
        this.advice = frame.data;
        this.wasWelcomed = true;
        this.isAtHead = frame.data.recovered === null;
        this.isPlaced = frame.data.recovered !== false;
        if (frame.data.recovered) this.#resume(frame.cursor);
        this.#ports.serve();
        break;
      case "reactor_reset":
        this.isPlaced = true;
        this.#reset(text, frame.data, frame.cursor);
        this.#ports.serve();
        break;
      case "reactor_subscribed":
        this.#ports.patterns.confirmed(frame.data.events);
        for (const session of this.#live) session.progress(frame.cursor);
        this.#ports.serve();
        break;
      case "reactor_emitted":
        break;
      case "reactor_error":
        this.#refused(text, frame.data.code, frame.data.ref);
        break;
      default: // of a hub that knows more than this does
        this.#sayToAll(text);
    }
  }

  /** The hub sends what follows `from`: tabs that are there, or further, need nothing else. */
  #resume(from: Cursor): void {
    for (const session of this.#ports.sessions()) {
      const { cursor, phase, patterns } = session;
      if (phase !== "waiting" || !cursor || cursor.epoch !== from.epoch || cursor.seq < from.seq) continue;
      if (!this.#ports.patterns.haveAll(patterns)) continue;
      session.welcome(cursor, true, this.advice);
      session.phase = "live";
    }
  }

  #reset(text: string, reset: Reset, to: Cursor): void {
    for (const session of this.#live) {
      if (isBeyond(session.cursor, reset)) continue;
      session.cursor = to;
      session.say(text);
    }
  }

  #refused(text: string, code: string, ref: unknown): void {
    if (ref !== null && ref !== undefined) return; // an emit's
    if (code === "bad_pattern")
      this.#ports.patterns.askForAll(this.#ports.reactor()); // they are too many together
    else if (code === "token_expiring") this.#ports.askForToken(text);
    else this.#sayToAll(text);
  }

  #sayToAll(text: string): void {
    for (const session of this.#ports.sessions()) if (session.isWelcomed) session.say(text);
  }

  get #live(): readonly TabSession[] {
    return this.#ports.sessions().filter(({ phase }) => phase === "live");
  }
}

/** Deleted events that a tab has do not concern it. */
function isBeyond(cursor: Cursor | undefined, reset: Reset): boolean {
  const to = parseCursor(reset.cursor);
  return reset.reason === "trimmed" && cursor?.epoch === to?.epoch && (cursor?.seq ?? 0) >= (to?.seq ?? 0);
}
