// One connection that stays up: it pings, notices silence, comes back, and hands on each event once, in order.
import { type Cursor, ORIGIN } from "../wire/cursor.ts";
import type { ReactorEvent } from "../wire/event.ts";
import { PING_AFTER_MS } from "../wire/limits.ts";
import { comesBack } from "../wire/problem.ts";
import { applyRange } from "../wire/range.ts";
import { decodeServerFrame, type EventsFrame, SUBPROTOCOL, type Welcome } from "../wire/server-frame.ts";
import { backoff, DEFAULT_RETRY } from "./backoff.ts";
import type { ClientSocket, Ports } from "./ports.ts";

/** `waiting`: the connection is gone and comes back by itself. `closed`: it does not. */
export type ConnectionState = "connecting" | "live" | "waiting" | "closed";

export interface ConnectionEvents {
  onEvent(event: ReactorEvent): void;
  onState(state: ConnectionState): void;
}

/** A hub that does not welcome, or answer a ping, within so long is not there. Browsers notice far later, or never. */
const ANSWER_MS = 10_000;

/** A connection that stood so long was a success; one that fell sooner counts as an attempt in vain. */
const STABLE_MS = 10_000;

type Wait = "welcome" | "pong" | "ping" | "retry" | "stable";

export class Connection {
  state: ConnectionState = "connecting";
  /** Its place: everything up to here was handed on. */
  cursor: Cursor = ORIGIN;
  readonly #url: string;
  readonly #ports: Ports;
  readonly #events: ConnectionEvents;
  #socket: ClientSocket | undefined;
  #retry = DEFAULT_RETRY;
  #pingAfterMs = PING_AFTER_MS;
  #attempt = 0;
  /** Undoes of the timers that run, by what they wait for. */
  readonly #timers = new Map<Wait, () => void>();

  constructor(url: string, ports: Ports, events: ConnectionEvents) {
    this.#url = url;
    this.#ports = ports;
    this.#events = events;
    this.#open();
  }

  /** Ends it for good. */
  close(): void {
    this.#drop();
    this.#turn("closed");
  }

  #open(): void {
    const socket = this.#ports.open(this.#url, [SUBPROTOCOL]);
    this.#socket = socket;
    // What a socket says after it was dropped is not heard any more.
    socket.addEventListener("message", ({ data }) => this.#socket === socket && this.#hear(String(data)));
    socket.addEventListener("close", ({ code }) => this.#socket === socket && this.#lose(comesBack(code)));
    this.#wait("welcome", ANSWER_MS, () => this.#lose(true));
    this.#turn("connecting");
  }

  #hear(text: string): void {
    this.#stop("pong"); // whatever it says, the hub is there
    const frame = decodeServerFrame(text);
    if (frame?.type === "reactor_connected") this.#welcome(frame.data, frame.cursor);
    if (frame?.type === "reactor_events") this.#take(frame);
  }

  #welcome(welcome: Welcome, cursor: Cursor): void {
    this.#stop("welcome");
    this.#retry = welcome.retry;
    this.#pingAfterMs = welcome.heartbeat_ms;
    this.cursor = cursor;
    this.#wait("stable", STABLE_MS, () => {
      this.#attempt = 0;
    });
    this.#pingLater();
    this.#turn("live");
  }

  #take(frame: EventsFrame): void {
    const applied = applyRange(this.cursor, frame);
    if (applied.gap) this.#lose(true);
    else if (this.#handOn(applied.events, applied.cursor.epoch)) this.cursor = applied.cursor;
  }

  /** @returns whether nobody closed the connection meanwhile; if somebody did, its place is what they were handed last */
  #handOn(events: readonly ReactorEvent[], epoch: string): boolean {
    const socket = this.#socket;
    for (const event of events) {
      if (event.seq !== undefined) this.cursor = { epoch, seq: event.seq };
      this.#events.onEvent(event);
      if (this.#socket !== socket) return false;
    }
    return true;
  }

  /** The client's duty, whatever it receives: its pings are how a hub tells the living from the gone. */
  #pingLater(): void {
    const jitter = 0.9 + 0.2 * this.#ports.random();
    this.#wait("ping", this.#pingAfterMs * jitter, () => {
      this.#socket?.send("ping");
      if (!this.#timers.has("pong")) this.#wait("pong", ANSWER_MS, () => this.#lose(true));
      this.#pingLater();
    });
  }

  /** The socket is gone, or as good as gone: its own closing may take minutes, and is not waited for. */
  #lose(back: boolean): void {
    this.#drop();
    if (back) {
      const wait = backoff(this.#retry, this.#attempt++, this.#ports.random());
      this.#wait("retry", wait, () => this.#open());
    }
    this.#turn(back ? "waiting" : "closed");
  }

  #drop(): void {
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #wait(what: Wait, ms: number, run: () => void): void {
    this.#stop(what);
    const undo = this.#ports.after(ms, () => {
      this.#timers.delete(what);
      run();
    });
    this.#timers.set(what, undo);
  }

  #stop(what: Wait): void {
    this.#timers.get(what)?.();
    this.#timers.delete(what);
  }

  /** Always a step's last act: a listener may close the connection in it. */
  #turn(state: ConnectionState): void {
    if (this.state === state) return;
    this.state = state;
    this.#events.onState(state);
  }
}
