// One connection that stays up: it comes back to its place whenever it is lost, and hands on each event once, in order.
import { encodeAck } from "../wire/client-frame.ts";
import { type Cursor, formatCursor, ORIGIN } from "../wire/cursor.ts";
import type { ReactorEvent } from "../wire/event.ts";
import { MAX_MESSAGE_BYTES } from "../wire/limits.ts";
import { comesBack } from "../wire/problem.ts";
import { applyRange } from "../wire/range.ts";
import { decodeServerFrame, type EventsFrame, SUBPROTOCOL, type Welcome } from "../wire/server-frame.ts";
import { Comeback, type Pace } from "./comeback.ts";
import type { ConnectionEvents, ConnectionState, ControlFrame } from "./connection-events.ts";
import type { ClientSocket, Close, Ports } from "./ports.ts";
import { Pulse } from "./pulse.ts";
import { withPlace } from "./stream-url.ts";
import { Subscription } from "./subscription.ts";

/** Where to begin, and with what. */
export interface Start {
  /** The place to go on from; the head if not given. */
  readonly cursor?: Cursor | undefined;
  /** Patterns to hear; everything if empty. */
  readonly asked?: readonly string[] | undefined;
  /** What becomes of the hub's pace, asked each time that one is needed. */
  readonly tune?: ((pace: Pace) => Pace) | undefined;
}

export class Connection {
  state: ConnectionState = "closed";
  /** Its place: everything up to here was handed on, of what was asked for at the time. */
  cursor: Cursor = ORIGIN;
  readonly #url: () => string;
  readonly #ports: Ports;
  readonly #events: ConnectionEvents;
  readonly #subscription: Subscription;
  readonly #comeback: Comeback;
  readonly #pulse: Pulse;
  /** Whether `cursor` is a place to come back to, or it has not been anywhere yet. */
  #hasPlace = false;
  #socket: ClientSocket | undefined;

  /** @param url of the stream, with whatever its query holds besides `cursor` and `events` */
  constructor(url: () => string, ports: Ports, events: ConnectionEvents, start: Start = {}) {
    this.#url = url;
    this.#ports = ports;
    this.#events = events;
    this.#subscription = new Subscription(start.asked);
    this.#comeback = new Comeback(ports, start.tune);
    this.#pulse = new Pulse(
      ports,
      (text) => this.#socket?.send(text),
      () => this.#giveUp("silent"),
    );
    if (start.cursor) [this.cursor, this.#hasPlace] = [start.cursor, true];
  }

  /** How often it tried to come back, since it was last welcomed or opened by hand. */
  get attempts(): number {
    return this.#comeback.attempts;
  }

  /** What it hears, or is to hear once the hub has answered; everything if empty. */
  get patterns(): readonly string[] {
    return this.#subscription.wanted;
  }

  /** Connects at once, to the place that it has, if it is closed or waiting. */
  open(): void {
    if (this.state !== "closed" && this.state !== "waiting") return;
    this.#comeback.stop();
    this.#comeback.attempts = 0;
    this.#open();
  }

  /** Hears `patterns` instead of what it hears now, from a place on that the hub decides; nothing is missed or doubled. */
  subscribe(patterns: readonly string[]): void {
    this.#subscription.want(patterns);
    if (this.state === "live") this.#socket?.send(this.#subscription.ask());
  }

  /**
   * Says something of the page's own, as the old client did.
   *
   * @returns whether it was sent: it is not unless the connection is live, nor if it is so large that the hub would hang up
   */
  send(type: string, data: unknown): boolean {
    const text = JSON.stringify({ type, data, timestamp: new Date().toISOString() });
    if (this.state !== "live" || new TextEncoder().encode(text).length > MAX_MESSAGE_BYTES) return false;
    this.#socket?.send(text);
    return true;
  }

  /** @returns the time until the hub answers, in milliseconds; `null` if the connection is not live, or lost first */
  async ping(): Promise<number | null> {
    return this.state === "live" ? this.#pulse.roundTrip() : null;
  }

  /** Ends it, until `open`. */
  close(): void {
    this.#drop();
    this.#turn("closed");
  }

  #open(): void {
    const cursor = this.#hasPlace ? formatCursor(this.cursor) : undefined;
    const url = withPlace(this.#url(), cursor, this.#subscription.asked);
    const socket = this.#ports.open(url, [SUBPROTOCOL]);
    this.#socket = socket;
    // What a socket says after it was dropped is not heard any more.
    socket.addEventListener("message", ({ data }) => this.#socket === socket && this.#hear(String(data)));
    socket.addEventListener("close", (close) => this.#socket === socket && this.#lose(close));
    this.#pulse.expectWelcome();
    this.#turn("connecting");
  }

  #hear(text: string): void {
    this.#pulse.heard(text);
    const frame = decodeServerFrame(text);
    if (frame?.type === "reactor_events") this.#take(frame);
    else if (frame) {
      const socket = this.#socket;
      this.#obey(frame);
      if (this.#socket === socket) this.#events.onFrame(frame); // else a listener has closed it
    }
  }

  #obey(frame: ControlFrame): void {
    switch (frame.type) {
      case "reactor_connected":
        this.#welcome(frame.data, frame.cursor);
        break;
      case "reactor_reset":
        this.cursor = frame.cursor;
        break;
      case "reactor_subscribed":
        this.#subscription.granted(frame.data.events);
        this.cursor = frame.cursor;
        break;
      case "reactor_error":
        if (frame.data.code === "bad_pattern") this.#subscription.refused();
    }
  }

  #welcome(welcome: Welcome, cursor: Cursor): void {
    this.#comeback.welcomed(welcome);
    this.#pulse.beat(this.#comeback.pace.heartbeat_ms);
    if (welcome.recovered !== true) this.cursor = cursor; // else it is where it was
    this.#hasPlace = true;
    if (this.#subscription.begin()) this.#socket?.send(this.#subscription.ask());
    this.#turn("live");
  }

  #take(frame: EventsFrame): void {
    const applied = applyRange(this.cursor, frame);
    if (applied.gap) this.#giveUp("gap");
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

  /** As if the network had broken, which is what it comes to. */
  #giveUp(reason: string): void {
    this.#lose({ code: 1006, reason });
  }

  /** The socket is gone, or as good as gone: its own closing may take minutes, and is not waited for. */
  #lose(lost: Close): void {
    this.#drop();
    const back = comesBack(lost.code);
    if (back) this.#comeback.later(() => this.#open());
    this.#turn(back ? "waiting" : "closed", lost);
  }

  #drop(): void {
    this.#comeback.stop();
    this.#pulse.stop();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(1000);
  }

  /** Always a step's last act: a listener may close the connection in it. */
  #turn(state: ConnectionState, lost?: Close): void {
    if (this.state === state) return;
    this.state = state;
    this.#events.onState(state, lost);
  }
}
