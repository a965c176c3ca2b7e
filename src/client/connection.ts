// One connection that stays up: it pings, notices silence, comes back to its place, and hands on each event once, in order.
import { encodeAck, encodeSubscribe } from "../wire/client-frame.ts";
import { type Cursor, formatCursor, ORIGIN } from "../wire/cursor.ts";
import type { ReactorEvent } from "../wire/event.ts";
import { PING_AFTER_MS } from "../wire/limits.ts";
import { comesBack } from "../wire/problem.ts";
import { applyRange } from "../wire/range.ts";
import {
  decodeServerFrame,
  type ErrorData,
  type EventsFrame,
  type Reset,
  type ServerFrame,
  SUBPROTOCOL,
  type Welcome,
} from "../wire/server-frame.ts";
import { backoff, DEFAULT_RETRY } from "./backoff.ts";
import type { ClientSocket, Ports } from "./ports.ts";
import { Timers } from "./timers.ts";

/** `waiting`: the connection is gone and comes back by itself. `closed`: it does not. */
export type ConnectionState = "connecting" | "live" | "waiting" | "closed";

export interface ConnectionEvents {
  onEvent(event: ReactorEvent): void;
  onState(state: ConnectionState): void;
  /** Events were missed for good, or may have been. */
  onReset(reset: Reset): void;
  /** The hub refused what it was sent. */
  onError(error: ErrorData): void;
}

/** Where to begin, and with what. */
export interface Start {
  /** The place to go on from; the head if not given. */
  readonly cursor?: Cursor | undefined;
  /** Patterns to hear; everything if empty. */
  readonly asked?: readonly string[] | undefined;
}

/** A hub that does not welcome, or say anything after a ping, within so long is not there. Browsers notice far later, or never. */
const ANSWER_MS = 10_000;

/** A connection that stood so long was a success; one that fell sooner counts as an attempt in vain. */
const STABLE_MS = 10_000;

export class Connection {
  state: ConnectionState = "connecting";
  /** Its place: everything up to here was handed on, of what was asked for at the time. */
  cursor: Cursor = ORIGIN;
  readonly #url: string;
  readonly #ports: Ports;
  readonly #events: ConnectionEvents;
  /** Whether `cursor` is a place to come back to, or it has not been anywhere yet. */
  #hasPlace = false;
  /** What is heard from `cursor` on, and what is to be heard once the hub has answered. */
  #asked: readonly string[];
  #wanted: readonly string[];
  /** `subscribe` messages on this socket that the hub has not answered. */
  #unanswered = 0;
  #socket: ClientSocket | undefined;
  #retry = DEFAULT_RETRY;
  #pingAfterMs = PING_AFTER_MS;
  #attempt = 0;
  readonly #timers: Timers<"welcome" | "pong" | "ping" | "retry" | "stable">;

  /** @param url of the stream, with whatever its query holds besides `cursor` and `events` */
  constructor(url: string, ports: Ports, events: ConnectionEvents, start: Start = {}) {
    this.#url = url;
    this.#ports = ports;
    this.#timers = new Timers(ports.after);
    this.#events = events;
    this.#asked = this.#wanted = start.asked ?? [];
    if (start.cursor) [this.cursor, this.#hasPlace] = [start.cursor, true];
    this.#open();
  }

  /** Hears `patterns` instead of what it hears now, from a place on that the hub decides; nothing is missed or doubled. */
  subscribe(patterns: readonly string[]): void {
    this.#wanted = patterns;
    if (this.state === "live") this.#ask();
  }

  /** Ends it for good. */
  close(): void {
    this.#drop();
    this.#turn("closed");
  }

  #open(): void {
    const url = new URL(this.#url);
    if (this.#hasPlace) url.searchParams.set("cursor", formatCursor(this.cursor));
    if (this.#asked.length > 0) url.searchParams.set("events", this.#asked.join(","));
    const socket = this.#ports.open(url.href, [SUBPROTOCOL]);
    this.#socket = socket;
    // What a socket says after it was dropped is not heard any more.
    socket.addEventListener("message", ({ data }) => this.#socket === socket && this.#hear(String(data)));
    socket.addEventListener("close", ({ code }) => this.#socket === socket && this.#lose(comesBack(code)));
    this.#timers.wait("welcome", ANSWER_MS, () => this.#lose(true));
    this.#turn("connecting");
  }

  #hear(text: string): void {
    this.#timers.stop("pong"); // whatever it says, the hub is there
    const frame = decodeServerFrame(text);
    if (frame) this.#obey(frame);
  }

  #obey(frame: ServerFrame): void {
    switch (frame.type) {
      case "reactor_connected":
        this.#welcome(frame.data, frame.cursor);
        break;
      case "reactor_events":
        this.#take(frame);
        break;
      case "reactor_reset":
        this.cursor = frame.cursor;
        this.#events.onReset(frame.data);
        break;
      case "reactor_subscribed":
        this.#asked = frame.data.events;
        this.cursor = frame.cursor;
        this.#answered();
        break;
      case "reactor_error":
        if (frame.data.code === "bad_pattern") this.#answered();
        this.#events.onError(frame.data);
    }
  }

  #ask(): void {
    this.#unanswered += 1;
    this.#socket?.send(encodeSubscribe(this.#wanted));
  }

  /** Once the last question is answered there is nothing else that is wanted, whether it was granted or not. */
  #answered(): void {
    this.#unanswered -= 1;
    if (this.#unanswered === 0) this.#wanted = this.#asked;
  }

  #welcome(welcome: Welcome, cursor: Cursor): void {
    this.#timers.stop("welcome");
    this.#retry = welcome.retry;
    this.#pingAfterMs = welcome.heartbeat_ms;
    if (welcome.recovered !== true) this.cursor = cursor; // else it is where it was
    this.#hasPlace = true;
    this.#timers.wait("stable", STABLE_MS, () => {
      this.#attempt = 0;
    });
    this.#pingLater();
    this.#unanswered = 0;
    if (this.#wanted !== this.#asked) this.#ask();
    this.#turn("live");
  }

  #take(frame: EventsFrame): void {
    const applied = applyRange(this.cursor, frame);
    if (applied.gap) this.#lose(true);
    else if (this.#handOn(applied.events, applied.cursor.epoch)) {
      this.cursor = applied.cursor;
      if (frame.more) this.#socket?.send(encodeAck(frame.cursor));
    }
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
    this.#timers.wait("ping", this.#pingAfterMs * jitter, () => {
      this.#socket?.send("ping");
      if (!this.#timers.isWaiting("pong")) this.#timers.wait("pong", ANSWER_MS, () => this.#lose(true));
      this.#pingLater();
    });
  }

  /** The socket is gone, or as good as gone: its own closing may take minutes, and is not waited for. */
  #lose(back: boolean): void {
    this.#drop();
    if (back) {
      const wait = backoff(this.#retry, this.#attempt++, this.#ports.random());
      this.#timers.wait("retry", wait, () => this.#open());
    }
    this.#turn(back ? "waiting" : "closed");
  }

  #drop(): void {
    this.#timers.stopAll();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  /** Always a step's last act: a listener may close the connection in it. */
  #turn(state: ConnectionState): void {
    if (this.state === state) return;
    this.state = state;
    this.#events.onState(state);
  }
}
