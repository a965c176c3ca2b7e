// One connection that stays up: it comes back to its place whenever it is lost, and hands on each event once, in order.
import { type Cursor, formatCursor, ORIGIN } from "../../wire/cursor.ts";
import { comesBack } from "../../wire/problem.ts";
import { decodeServerFrame, SUBPROTOCOL, type Welcome } from "../../wire/server-frame.ts";
import type { ConnectionEvents, ConnectionState, ControlFrame } from "./connection-events.ts";
import { Heartbeat } from "./heartbeat.ts";
import { fits } from "./message-size.ts";
import type { ClientSocket, Close, Ports } from "./ports.ts";
import { Position } from "./position.ts";
import { type Pace, Reconnect } from "./reconnect.ts";
import { withCursor } from "./stream-url.ts";
import { Subscription } from "./subscription.ts";

/** Where to begin, and with what. */
export interface Start {
  /** The place to go on from; the head if not given. */
  readonly cursor?: Cursor | undefined;
  /** Patterns to hear; everything if empty. */
  readonly patterns?: readonly string[] | undefined;
  /** What becomes of the hub's pace, asked each time that one is needed. */
  readonly tune?: ((pace: Pace) => Pace) | undefined;
  /** Asked when the hub has refused what the connection showed: whether it comes back to show something else. */
  readonly renew?: (() => boolean | undefined) | undefined;
}

/** The close of `unauthorized`, without the whole table of problems. */
const UNAUTHORIZED = 4401;

/** `WebSocket.OPEN`. */
const OPEN = 1;

export class Connection {
  state: ConnectionState = "closed";
  /** The owner sets it once, before `open`: what it does may need the connection. */
  events: ConnectionEvents | undefined;
  readonly #url: () => string;
  readonly #ports: Ports;
  readonly #renew: Start["renew"];
  readonly #subscription: Subscription;
  readonly #reconnect: Reconnect;
  readonly #heartbeat: Heartbeat;
  readonly #position: Position;
  #socket: ClientSocket | undefined;

  /** @param url of the stream, with whatever its query holds besides `cursor` and `events` */
  constructor(url: () => string, ports: Ports, start: Start = {}) {
    this.#url = url;
    this.#ports = ports;
    this.#subscription = new Subscription(start.patterns);
    this.#renew = start.renew;
    this.#reconnect = new Reconnect(ports, start.tune);
    const send = (text: string) => void this.#send(text);
    this.#heartbeat = new Heartbeat(ports, send, () => this.#giveUp("silent"));
    this.#position = new Position(send, start.cursor);
  }

  /** Its place: everything up to here was handed on, of what was asked for at the time. */
  get cursor(): Cursor {
    return this.#position.cursor ?? ORIGIN;
  }

  /** How often it tried to come back, since it was last welcomed or opened by hand. */
  get attempts(): number {
    return this.#reconnect.attempts;
  }

  /** What it hears, or is to hear once the hub has answered; everything if empty. */
  get patterns(): readonly string[] {
    return this.#subscription.desired;
  }

  /** Connects at once, to the place that it has, if it is closed or waiting. */
  open(): void {
    if (this.#socket) return;
    this.#reconnect.stop();
    this.#reconnect.attempts = 0;
    this.#open();
  }

  /** Hears `patterns` instead of what it hears now, from a place on that the hub decides; nothing is missed or doubled. */
  subscribe(patterns: readonly string[]): void {
    this.#subscription.desire(patterns);
    if (this.state === "connected") this.#send(this.#subscription.request());
  }

  /** Says something of the page's own, as the old client did. @returns as `say` */
  send(type: string, data: unknown): boolean {
    return this.sendText(JSON.stringify({ type, data, timestamp: new Date().toISOString() }));
  }

  /** @returns whether it was sent: it is not unless the connection is live, nor if it is so large that the hub would hang up */
  sendText(text: string): boolean {
    return this.state === "connected" && fits(text) && this.#send(text);
  }

  /** @returns the time until the hub answers, in milliseconds; `null` if the connection is not live, or lost first */
  async ping(): Promise<number | null> {
    return this.state === "connected" ? this.#heartbeat.roundTrip() : null;
  }

  /** Ends it, until `open`. */
  close(): void {
    this.#dropSocket();
    this.#setState("closed");
  }

  #open(): void {
    const { cursor } = this.#position;
    const url = withCursor(this.#url(), cursor && formatCursor(cursor), this.#subscription.active);
    const socket = this.#ports.open(url, [SUBPROTOCOL]);
    this.#socket = socket;
    // What a socket says after it was dropped is not heard any more.
    const isCurrent = () => this.#socket === socket;
    socket.addEventListener("message", ({ data }) => isCurrent() && this.#receive(String(data), isCurrent));
    socket.addEventListener("close", (close) => isCurrent() && this.#handleClose(close));
    this.#heartbeat.expectWelcome();
    this.#setState("connecting");
  }

  /** @param isCurrent whether it still is: a listener may close the connection, and open it again */
  #receive(text: string, isCurrent: () => boolean): void {
    this.#heartbeat.received(text);
    const frame = decodeServerFrame(text);
    if (frame?.type === "reactor_events") {
      const isTaken = this.#position.take(frame, text.length, (event) => {
        this.events?.onEvent(event);
        return isCurrent();
      });
      if (!isTaken) this.#giveUp("gap");
    } else if (frame) {
      this.#apply(frame);
      if (isCurrent()) this.events?.onFrame(frame);
    }
  }

  /** What a control frame means to the connection; what it means to the page is the owner's part (`onFrame`). */
  #apply(frame: ControlFrame): void {
    switch (frame.type) {
      case "reactor_connected":
        this.#welcome(frame.data, frame.cursor);
        break;
      case "reactor_reset":
        this.#position.cursor = frame.cursor;
        break;
      case "reactor_subscribed":
        this.#position.cursor = frame.cursor;
        this.#subscription.granted(frame.data.events);
        break;
      case "reactor_error":
        if (frame.data.code === "bad_pattern") this.#subscription.refused();
        if (frame.data.close !== undefined) this.#handleClose({ code: frame.data.close, reason: frame.data.message });
    }
  }

  #welcome(welcome: Welcome, cursor: Cursor): void {
    this.#reconnect.welcomed(welcome);
    this.#heartbeat.beat(this.#reconnect.pace.heartbeat_ms);
    this.#position.welcomed(welcome, cursor);
    if (this.#subscription.begin()) this.#send(this.#subscription.request());
    this.#setState("connected");
  }

  /** A socket that is closing sends nothing, and may take 10 s to say so: for the connection it has ended. */
  #send(text: string): boolean {
    const socket = this.#socket;
    if (!socket) return false;
    if ((socket.readyState ?? OPEN) > OPEN) {
      this.#giveUp("closing");
      return false;
    }
    socket.send(text);
    return true;
  }

  /** As if the network had broken, which is what it comes to. */
  #giveUp(reason: string): void {
    this.#handleClose({ code: 1006, reason });
  }

  /** The socket is gone, or as good as gone: its own closing may take minutes, and is not waited for. */
  #handleClose(close: Close): void {
    this.#dropSocket();
    const willReconnect = close.code === UNAUTHORIZED ? this.#renew?.() : comesBack(close.code);
    if (willReconnect) this.#reconnect.schedule(() => this.#open());
    this.#setState(willReconnect ? "reconnecting" : "closed", close);
  }

  #dropSocket(): void {
    this.#reconnect.stop();
    this.#heartbeat.stop();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(1000);
  }

  /** Always a step's last act: a listener may close the connection in it. */
  #setState(state: ConnectionState, close?: Close): void {
    if (this.state === state) return;
    this.state = state;
    this.events?.onState(state, close);
  }
}
