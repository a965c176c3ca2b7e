// One connection that stays up: it reconnects and resumes at its cursor, and delivers each event once, in order.

import { reconnectsAfter, UNAUTHORIZED } from "../../wire/close-code.ts";
import { type Cursor, formatCursor } from "../../wire/cursor.ts";
import { decodeServerFrame, type ErrorData, type Parse, type Welcome } from "../../wire/server-frame.ts";
import { report } from "../listener-set.ts";
import type { ConnectionEvents, ConnectionState, ControlFrame } from "./connection-events.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Receive } from "./inflate.ts";
import { fits } from "./message-size.ts";
import { explained } from "./never-opened.ts";
import type { ClientSocket, Close, Ports } from "./ports.ts";
import { Position } from "./position.ts";
import { type Advice, Reconnect } from "./reconnect.ts";
import { handshakeOf } from "./stream-url.ts";
import { Subscription } from "./subscription.ts";

/** Initial settings. */
export interface Start {
  /** Resume from here. Default: the head. */
  readonly cursor?: Cursor | undefined;
  /** Without a cursor: begin with so many of the newest events. */
  readonly last?: number | undefined;
  /** Subscribed patterns; empty: all events. */
  readonly patterns?: readonly string[] | undefined;
  /** Adjusts the hub's advice; called each time it is needed. */
  readonly tune?: ((advice: Advice) => Advice) | undefined;
  /** What shows the hub whose page it is. */
  readonly credential?: Presenter | undefined;
  /** Reads a frame. Default: `JSON.parse`. */
  readonly parse?: Parse | undefined;
}

/** Why an attempt ends without a socket: there is no token, or none in time. */
export const NO_TOKEN = "no token";

/** Shows a token on each socket. */
export interface Presenter {
  /** @returns the next socket's token, or a promise of it, which rejects with how the attempt ends */
  next(): string | Promise<string>;
  /** A socket opens with it. @returns the subprotocol to offer */
  offer(token: string): string;
  /** The hub has refused it. @returns whether to reconnect with another one */
  renew(reason: string): boolean;
}

/** `WebSocket.OPEN`. */
const OPEN = 1;

/** A hub that stands still does not answer a Close frame, and a program in Node or Bun does not end before. */
const CLOSE_MS = 3_000;

/** Without an inflater. */
export const asText: Receive = (data, act) => act(String(data), false);

export class Connection {
  state: ConnectionState = "closed";
  /** The owner MUST set it before `open`; it is not a constructor argument because the owner's callbacks use the connection. */
  events: ConnectionEvents | undefined;
  readonly position: Position;
  readonly ports: { -readonly [Port in keyof Ports]: Ports[Port] };
  readonly parse: Parse | undefined;
  /** Called before each socket is opened. */
  url: () => string;
  readonly #last: Start["last"];
  readonly #credential: Presenter | undefined;
  readonly #subscription: Subscription;
  readonly #reconnect: Reconnect;
  readonly #heartbeat: Heartbeat;
  /** `undefined` once it has failed: then frames come as text. */
  #inflater: Ports["inflater"];
  #socket: ClientSocket | undefined;
  /** The newest socket whose close has come, and waits behind frames that are being inflated. */
  #closing: ClientSocket | undefined;
  /** Another object for each socket, from before it is opened until it is dropped. */
  #attempt: object | undefined;
  #wasWelcomed = false;
  /** Whether what is desired is to be requested at the end of this turn. */
  #isRequesting = false;
  /** Stops following the page's signs; it follows them unless it is closed. */
  #unfollow: (() => void) | undefined;

  /** @param url returns the stream's URL; its query may hold anything but `cursor`, `last` and `events` */
  constructor(url: () => string, ports: Ports, start: Start = {}) {
    this.url = url;
    this.ports = ports;
    this.#inflater = ports.inflater;
    this.#subscription = new Subscription(start.patterns);
    this.#last = start.last;
    this.#credential = start.credential;
    this.parse = start.parse && safely(start.parse);
    this.#reconnect = new Reconnect(ports, start.tune);
    const send = (text: string) => void this.#send(text);
    this.#heartbeat = new Heartbeat(ports, send, () => this.#giveUp(this.#socket ? "silent" : NO_TOKEN));
    this.position = new Position(send, start.cursor);
  }

  /** Position in the log: all subscribed events up to here were delivered. `undefined`: the head, wherever that is. */
  get cursor(): Cursor | undefined {
    return this.position.cursor;
  }

  /** Reconnect attempts since the last welcome or `open`. */
  get attempts(): number {
    return this.#reconnect.attempts;
  }

  /** Subscribed patterns, including a change that the hub has not confirmed yet; empty: all events. */
  get patterns(): readonly string[] {
    return this.#subscription.desired;
  }

  /** Whether it is connected, and the hub sends what was asked for last, or has refused it. */
  get isSettled(): boolean {
    return this.state === "connected" && this.#subscription.isSettled;
  }

  /** Connects at the end of this turn and resumes, if closed or waiting to reconnect. */
  open(): void {
    if (this.#attempt) return;
    this.#reconnect.stop();
    this.#reconnect.attempts = 0;
    this.#unfollow ??= this.ports.page?.listen(() => this.#followSign());
    const attempt = {};
    this.#attempt = attempt;
    this.ports.soon(() => this.#attempt === attempt && this.#open());
    this.#setState("connecting");
  }

  /**
   * Replaces the subscription, from a cursor that the hub decides; no event is missed or duplicated. However often it is called in
   * one turn, the hub is asked once, for the newest patterns.
   */
  subscribe(patterns: readonly string[]): void {
    this.#subscription.desire(patterns);
    if (this.#isRequesting) return;
    this.#isRequesting = true;
    this.ports.soon(() => {
      this.#isRequesting = false;
      if (this.state === "connected") this.#request();
    });
  }

  /** Sends a message in the legacy client's format. @returns like `sendText` */
  send(type: string, data: unknown): boolean {
    return this.sendText(JSON.stringify({ type, data, timestamp: new Date().toISOString() }));
  }

  /** @returns whether it was sent; `false` if not connected, or if the hub would close the connection over its size */
  sendText(text: string): boolean {
    return this.state === "connected" && fits(text) && this.#send(text);
  }

  /** @returns the round-trip time in ms; `null` if not connected, or if the connection is lost first */
  async ping(): Promise<number | null> {
    return this.state === "connected" ? this.#heartbeat.roundTrip() : null;
  }

  /** Closes the connection, until `open`. */
  close(): void {
    this.#dropSocket();
    this.#setState("closed");
  }

  #open(): void {
    const attempt = {};
    this.#attempt = attempt;
    const isCurrent = () => this.#attempt === attempt; // messages of a socket that was dropped are ignored
    const token = this.#credential?.next();
    if (typeof token === "object") {
      this.#heartbeat.expectAnswer();
      token.then(
        (given) => isCurrent() && this.#openSocket(isCurrent, given),
        (close) => isCurrent() && this.#handleClose(close),
      );
    } else this.#openSocket(isCurrent, token);
    if (isCurrent()) this.#setState("connecting");
  }

  #openSocket(isCurrent: () => boolean, token?: string): void {
    const stream = this.url(); // the owner may say meanwhile where to begin
    const { cursor } = this.position;
    const subscription = this.#subscription;
    if (!this.#wasWelcomed) subscription.active = subscription.desired; // there is nothing yet to resume
    const { url, protocols } = handshakeOf(stream, cursor && formatCursor(cursor), subscription.active, this.#last);
    const offered = token && this.#credential?.offer(token);
    try {
      const inflater = this.#inflater;
      const receive = inflater?.inOrder() ?? asText;
      if (inflater) protocols.unshift(inflater.subprotocol);
      if (offered) protocols.push(offered);
      const socket = this.ports.open(url, protocols);
      this.#socket = socket;
      socket.addEventListener("open", () => isCurrent() && this.#heartbeat.expectAnswer());
      socket.addEventListener("message", ({ data }) =>
        receive(data, (text, isInflated) => isCurrent() && this.#receive(text, isCurrent, isInflated)),
      );
      socket.addEventListener("close", (close) => {
        if (isCurrent()) this.#closing = socket;
        receive("", () => isCurrent() && this.#handleClose(close));
      });
      socket.addEventListener("error", () => {}); // a close follows; with `ws`, an error without a listener ends the process
      this.#heartbeat.expectOpen(this.#reconnect.openLimitMs);
    } catch (error) {
      report(error); // a browser refuses some addresses by throwing, such as `ws:` in a page of `https:`
      this.#giveUp(String(error));
    }
  }

  #request(): void {
    if (this.#subscription.isDue) this.#send(this.#subscription.request());
  }

  /** The page is shown, or back on the network. */
  #followSign(): void {
    if (this.state === "connected") this.#heartbeat.probe();
    else this.#reconnect.hasten();
  }

  /** @param isCurrent whether the frame's socket is still in use: a listener may close the connection, and reopen it */
  #receive(text: string, isCurrent: () => boolean, isInflated: boolean): void {
    this.#heartbeat.received(text);
    const frame = decodeServerFrame(text, this.parse);
    if (frame?.type === "reactor_events") {
      const isTaken = this.position.take(frame, text.length, (event) => {
        this.events?.onEvent(event);
        return isCurrent();
      });
      if (!isTaken) this.#giveUp("gap");
    } else if (isInflated) {
      this.#inflater = undefined;
      this.#giveUp("gap"); // it was malformed, or cut
    } else if (frame && frame.type !== "reactor_removed") {
      this.#apply(frame);
      if (isCurrent()) this.events?.onFrame(frame);
    }
  }

  /** Applies a control frame to the connection's own state. What it means to the page is up to the owner (`onFrame`). */
  #apply(frame: ControlFrame): void {
    switch (frame.type) {
      case "reactor_connected":
        this.#welcome(frame.data, frame.cursor);
        break;
      case "reactor_reset":
        this.position.cursor = frame.cursor;
        break;
      case "reactor_subscribed":
        this.position.cursor = frame.cursor;
        this.#subscription.granted(frame.data.events);
        break;
      case "reactor_error":
        if (refusesSubscribe(frame.data)) this.#subscription.refused();
        if (frame.data.close !== undefined) this.#handleClose({ code: frame.data.close, reason: frame.data.message });
    }
  }

  #welcome(welcome: Welcome, cursor: Cursor): void {
    this.#wasWelcomed = true;
    this.#reconnect.welcomed(welcome);
    this.#heartbeat.beat(this.#reconnect.advice.heartbeat_ms);
    this.position.welcomed(welcome, cursor);
    this.#subscription.begin();
    this.#request();
    this.#setState("connected");
  }

  /** A closing socket drops what is sent, and its close event may come 10 s later: it is treated as closed. */
  #send(text: string): boolean {
    const socket = this.#socket;
    if (!socket) return false;
    if ((socket.readyState ?? OPEN) > OPEN) {
      if (socket !== this.#closing) this.#giveUp("closing");
      return false;
    }
    socket.send(text);
    return true;
  }

  /** Treats the socket as broken. */
  #giveUp(reason: string): void {
    this.#handleClose({ code: 1006, reason });
  }

  /** Does not wait for the socket's own close event, which may take minutes. */
  #handleClose(close: Close): void {
    this.#dropSocket();
    const willReconnect =
      close.code === UNAUTHORIZED ? this.#credential?.renew(close.reason) : reconnectsAfter(close.code);
    if (willReconnect) this.#reconnect.schedule(() => this.#open());
    this.#setState(willReconnect ? "reconnecting" : "closed", this.#wasWelcomed ? close : explained(close));
  }

  #dropSocket(): void {
    this.#reconnect.stop();
    this.#heartbeat.stop();
    const socket = this.#socket;
    this.#attempt = this.#socket = undefined;
    socket?.close(1000);
    if (socket?.terminate) {
      const cancel = this.ports.after(CLOSE_MS, () => socket.terminate?.());
      socket.addEventListener("close", cancel);
    }
  }

  /** MUST be the last act of a step: a listener may close the connection in it. */
  #setState(state: ConnectionState, close?: Close): void {
    if (this.state === state) return;
    this.state = state;
    if (state === "closed") {
      this.#unfollow?.();
      this.#unfollow = undefined;
    }
    this.events?.onState(state, close);
  }
}

/** Whether it answers a `subscribe`: nothing else is refused for the channel's sake without a `ref`, or the end of the socket. */
export function refusesSubscribe({ code, ref, close }: ErrorData): boolean {
  return code === "bad_pattern" || (code === "rate_limited" && ref === null && close === undefined);
}

/** What `parse` throws is reported, and costs no event. */
function safely(parse: Parse): Parse {
  return (text) => {
    if (text === "pong") return undefined; // the one message that is no JSON
    try {
      return parse(text);
    } catch (error) {
      report(error);
      return JSON.parse(text);
    }
  };
}
