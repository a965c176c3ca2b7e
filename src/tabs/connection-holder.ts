// The one connection to the hub, and all tabs on it. To the hub it is a client like any other; to each tab it is what a hub is: the
// tab's own client resumes at its own cursor, and tells by the frames' ranges that nothing is missing.

import type { Page } from "../client/connection/browser-page.ts";
import { type ClientSocket, type Close, type ConnectionState, createReactor, type Reactor } from "../client/index.ts";
import { type Cursor, formatCursor, ORIGIN, parseCursor } from "../wire/cursor.ts";
import { AskedPatterns } from "./asked-patterns.ts";
import { groupKey, tokenIn } from "./group-key.ts";
import { type FramePorts, HubFrames } from "./hub-frames.ts";
import { LogCatchUp, type Place } from "./log-catch-up.ts";
import { SharedEmits } from "./shared-emits.ts";
import { startCursor } from "./start-cursor.ts";
import type { Tell, ToHolder } from "./tab-message.ts";
import { type MessagePorts, TabMessages } from "./tab-messages.ts";
import { TabSession } from "./tab-session.ts";
import type { TabsPorts } from "./tabs-ports.ts";

/** How a holder reaches the hub. */
export interface Upstream {
  /** The page's own key of those that share. */
  readonly share: string | undefined;
  readonly open?: ((url: string, protocols: string[]) => ClientSocket) | undefined;
  readonly WebSocket?: (new (url: string, protocols: string[]) => ClientSocket) | undefined;
}

type Context = Pick<TabsPorts, "open" | "after" | "soon" | "random" | "now" | "fetch">;

/** A tab that asks nothing for so long has crashed: also a hidden one asks once a minute. */
const EXPIRE_MS = 150_000;

/** The hub has not heard of it: the client comes back (SPEC, "Close codes"). */
const GONE = 1012;

const UNAUTHORIZED = 4401;

/** How long a tab may take for a fresh token before another one is asked. */
const ANSWER_MS = 5_000;

export class ConnectionHolder {
  readonly #stream: string;
  readonly #upstream: Upstream;
  readonly #ports: Context;
  #gatherMs: number;
  readonly #sessions = new Map<string, TabSession>();
  /** The connection to the hub, while there is a tab. */
  #reactor: Reactor | undefined;
  #isStarting = false;
  #isClosed = false;
  #token: string | undefined;
  readonly #patterns: AskedPatterns;
  readonly #emits: SharedEmits;
  readonly #messages: TabMessages;
  readonly #log: LogCatchUp;
  readonly #frames: HubFrames;
  readonly #signs = new Set<() => void>();

  /** @param stream URL of the stream, with its channel @param gatherMs waits so long for the tabs that another holder had */
  constructor(stream: string, upstream: Upstream, ports: Context, gatherMs = 0) {
    this.#stream = stream;
    this.#upstream = upstream;
    this.#ports = ports;
    this.#gatherMs = gatherMs;
    this.#patterns = new AskedPatterns(ports.after);
    this.#emits = new SharedEmits(ports.after);
    const view = this.#view();
    this.#messages = new TabMessages(view);
    this.#log = new LogCatchUp(stream, ports, view);
    this.#frames = new HubFrames(view);
  }

  /** What its parts need of it. */
  #view(): MessagePorts & Place & FramePorts {
    return {
      emits: this.#emits,
      patterns: this.#patterns,
      soon: this.#ports.soon,
      reactor: () => this.#reactor,
      cursor: () => this.#cursor,
      token: () => this.#token,
      advice: () => this.#frames.advice,
      sessions: () => [...this.#sessions.values()],
      has: (session) => this.#sessions.get(session.id) === session,
      serve: () => this.#serve(),
      catchUp: (session, start) => void this.#log.read(session, start),
      renew: (session, token) => this.#renew(session, token),
      askForToken: (text) => this.#askForToken(text),
      end: (session, why) => this.#end(session, why),
    };
  }

  hear(message: ToHolder, tell: Tell): void {
    if (this.#isClosed) return;
    if (message.kind === "open") {
      this.#accept(message, tell);
      return;
    }
    const session = this.#sessions.get(message.session);
    if (!session) {
      const isOver = message.kind === "close";
      if (!isOver)
        tell({ kind: "close", session: message.session, code: GONE, reason: "This tab was not heard for long." });
      return;
    }
    session.heardMs = this.#ports.now();
    switch (message.kind) {
      case "text":
        this.#messages.hear(session, message.text);
        break;
      case "ask":
        this.#expire();
        tell({ kind: "here", session: session.id });
        break;
      case "sign":
        for (const call of this.#signs) call();
        break;
      case "close":
        this.#forget(session);
    }
  }

  /** Ends the connection to the hub, and those of the tabs, which come back elsewhere. */
  close(reason: string): void {
    this.#isClosed = true;
    this.#drop({ code: GONE, reason });
  }

  #accept({ session: id, url, protocols }: ToHolder & { kind: "open" }, tell: Tell): void {
    const session = new TabSession(id, tell, url, protocols, this.#ports.now());
    this.#sessions.set(id, session);
    this.#token = tokenIn(protocols) ?? this.#token;
    if (this.#reactor) {
      for (const call of this.#signs) if (this.#reactor.state === "reconnecting") call();
      this.#serve();
    } else if (!this.#isStarting) {
      this.#isStarting = true;
      const start = () => this.#start();
      if (this.#gatherMs > 0) this.#ports.after(this.#gatherMs, start);
      else this.#ports.soon(start);
      this.#gatherMs = 0;
    }
  }

  #start(): void {
    this.#isStarting = false;
    if (this.#isClosed || this.#reactor || this.#sessions.size === 0) return;
    const sessions = [...this.#sessions.values()];
    const cursor = startCursor(sessions.flatMap((session) => session.cursor ?? []));
    const events = this.#patterns.begin(this.#needed);
    this.#frames.begin();
    const [url = "", query = ""] = this.#stream.split("?");
    const channel = new URLSearchParams(query).get("channel") ?? undefined;
    const { WebSocket, open = this.#ports.open } = this.#upstream;
    const reactor: Reactor = createReactor(
      {
        url,
        channel,
        events,
        cursor: cursor && formatCursor(cursor),
        token: this.#token === undefined ? undefined : () => this.#token ?? null,
        parse: (text) => this.#frames.read(reactor, text),
        open: (address, protocols) => {
          if (!this.#frames.wasWelcomed) this.#patterns.confirmed(reactor.patterns); // what the address asks for; a later one is confirmed
          return WebSocket ? new WebSocket(address, protocols) : open(address, protocols);
        },
      },
      { ...this.#ports, page: this.#page },
    );
    this.#reactor = reactor;
    reactor.onState((state, close) => reactor === this.#reactor && this.#stateChanged(state, close));
    reactor.onError(() => {}); // each tab is told, and prints what it does not listen to
    reactor.open();
  }

  /** The signs of the tabs: the holder itself may be hidden, or have no page. */
  get #page(): Page {
    return {
      isHidden: () => false,
      listen: (onSign) => {
        this.#signs.add(onSign);
        return () => this.#signs.delete(onSign);
      },
    };
  }

  #stateChanged(state: ConnectionState, close: Close = { code: 1006, reason: "" }): void {
    if (state === "closed" || close.code === UNAUTHORIZED) {
      this.#drop(close); // each tab has its own token, and asks for a fresh one
    } else if (state === "reconnecting") {
      const isFirst = !this.#frames.wasWelcomed && this.#reactor?.attempts === 0;
      this.#frames.lost();
      for (const session of [...this.#sessions.values()]) {
        if (session.phase === "waiting" && !isFirst) continue; // it is served once the hub is back
        this.#sessions.delete(session.id);
        session.close(close.code, close.reason);
      }
      this.#ports.after(EXPIRE_MS, () => this.#sessions.size === 0 && this.#drop(close));
    }
  }

  #drop({ code, reason }: Close): void {
    const sessions = [...this.#sessions.values()];
    const reactor = this.#reactor;
    this.#reactor = undefined;
    this.#sessions.clear();
    this.#emits.clear();
    this.#patterns.stop();
    reactor?.close();
    for (const session of sessions) session.close(code, reason);
  }

  /** One tab after the other, until one has a fresh token. @param text how the hub asks for it */
  #askForToken(text: string): void {
    const token = this.#token;
    const ask = ([session, ...others]: readonly TabSession[]) => {
      if (!session || token !== this.#token) return;
      session.say(text);
      this.#ports.after(ANSWER_MS, () => ask(others));
    };
    ask([...this.#sessions.values()].filter(({ isWelcomed }) => isWelcomed));
  }

  /** Where the connection is. */
  get #cursor(): Cursor {
    return parseCursor(this.#reactor?.cursor) ?? ORIGIN;
  }

  /** Welcomes tabs, and grants what they asked for, as far as the hub has confirmed that it sends it. */
  #serve(): void {
    const reactor = this.#reactor;
    if (!reactor) return;
    this.#patterns.grow(reactor, this.#needed);
    if (!this.#frames.isPlaced || reactor.state !== "connected") return;
    for (const session of [...this.#sessions.values()]) {
      if (session.phase === "waiting" && this.#patterns.haveAll(session.patterns)) this.#begin(session);
      if (session.phase !== "live") continue;
      while (session.asking[0] && this.#patterns.haveAll(session.asking[0])) {
        session.progress(this.#cursor);
        session.granted();
        this.#shrinkLater();
      }
    }
  }

  #begin(session: TabSession): void {
    const { cursor, last } = session;
    const own = this.#cursor;
    if (last !== null) void this.#log.read(session, `last=${last}`);
    else if (!cursor && !this.#frames.isAtHead) void this.#log.read(session, "last=1");
    else if (cursor && formatCursor(cursor) !== formatCursor(own)) {
      void this.#log.read(session, `after=${formatCursor(cursor)}`);
    } else {
      session.welcome(own, cursor ? true : null, this.#frames.advice);
      session.phase = "live";
    }
  }

  /** A tab has a fresh token. One that says something else belongs elsewhere. */
  #renew(session: TabSession, token: string): void {
    const { share } = this.#upstream;
    const key = (each: string | undefined) => groupKey(this.#stream, each, share);
    if (key(token) !== key(this.#token)) {
      this.#end(session, "The token is for another connection.");
    } else if (token !== this.#token) {
      this.#token = token;
      this.#reactor?.refreshToken();
    }
  }

  #end(session: TabSession, why: string): void {
    this.#forget(session);
    session.close(GONE, why);
  }

  #forget(session: TabSession): void {
    this.#sessions.delete(session.id);
    if (this.#sessions.size === 0) this.#drop({ code: 1000, reason: "" });
    else this.#shrinkLater();
  }

  #expire(): void {
    const latest = this.#ports.now() - EXPIRE_MS;
    for (const session of [...this.#sessions.values()]) if (session.heardMs < latest) this.#forget(session);
  }

  #shrinkLater(): void {
    this.#patterns.shrinkLater(this.#reactor, () => this.#needed);
  }

  /** What each tab needs the hub to send. */
  get #needed(): readonly (readonly string[])[] {
    return [...this.#sessions.values()].flatMap(({ needed }) => needed);
  }
}
