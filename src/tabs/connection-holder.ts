// The one connection to the hub, and all tabs on it. To the hub it is a client like any other; to each tab it is what a hub is: the
// tab's own client resumes at its own cursor, and tells by the frames' ranges that nothing is missing.

import type { Page } from "../client/connection/browser-page.ts";
import { type ClientSocket, type Close, type ConnectionState, createReactor, type Reactor } from "../client/index.ts";
import { type Cursor, formatCursor, ORIGIN, parseCursor } from "../wire/cursor.ts";
import { asObject, parseObject } from "../wire/json.ts";
import { applyRange } from "../wire/range.ts";
import { decodeServerFrame, encodeEmitted, encodeReset, type Reset, type ServerFrame } from "../wire/server-frame.ts";
import { covers, unionOf } from "./asked-patterns.ts";
import { groupKey, tokenIn } from "./group-key.ts";
import { readPage } from "./log-page.ts";
import type { Tell, ToHolder } from "./tab-message.ts";
import { type Advice, TabSession } from "./tab-session.ts";
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

/** Patterns that no tab wants any more are asked for a while longer: a page that is loaded again wants them again. */
const SHRINK_MS = 5_000;

/** A tab that is so far behind the others reads the log by itself; the others need not get again what they have. */
const NEAR_EVENTS = 1_000;

/** A tab whose socket was lost with an answer has sent the emit again by then. */
const REMEMBER_MS = 60_000;

const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000, 20_000] as const;

/** How often the log may fail to be read before the tab is told. */
const QUIET_FAILURES = 2;

/** The hub has not heard of it: the client comes back (SPEC, "Close codes"). */
const GONE = 1012;

const UNAUTHORIZED = 4401;

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
  /** What the hub was asked for last. */
  #asked: readonly string[] = [];
  /** What it has confirmed to send. */
  #held: readonly string[] = [];
  /** Whether the cursor is the hub's: not between a welcome and the reset that it has announced. */
  #isPlaced = false;
  /** Whether the hub has nothing that came before: a tab that asks for no cursor begins where this is. */
  #isAtHead = false;
  #wasWelcomed = false;
  #advice: Advice = { channel: "main", heartbeat_ms: 25_000 };
  readonly #signs = new Set<() => void>();
  /** Emits by id, a while beyond their answers: a tab that sends one again after an outage gets the answer to the first. */
  readonly #emits = new Map<unknown, ReturnType<Reactor["emit"]>>();
  #ping: Promise<number | null> | undefined;
  #stopShrink = () => {};

  /** @param stream URL of the stream, with its channel @param gatherMs waits so long for the tabs that another holder had */
  constructor(stream: string, upstream: Upstream, ports: Context, gatherMs = 0) {
    this.#stream = stream;
    this.#upstream = upstream;
    this.#ports = ports;
    this.#gatherMs = gatherMs;
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
        this.#hearText(session, message.text);
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
    const cursor = startOf(sessions);
    this.#asked = unionOf(sessions.flatMap(({ needed }) => needed));
    this.#isPlaced = this.#wasWelcomed = false;
    const [url = "", query = ""] = this.#stream.split("?");
    const channel = new URLSearchParams(query).get("channel") ?? undefined;
    const { WebSocket, open = this.#ports.open } = this.#upstream;
    const reactor: Reactor = createReactor(
      {
        url,
        channel,
        events: this.#asked,
        cursor: cursor && formatCursor(cursor),
        token: this.#token === undefined ? undefined : () => this.#token ?? null,
        parse: (text) => this.#read(reactor, text),
        open: (address, protocols) => {
          if (!this.#wasWelcomed) this.#held = reactor.patterns; // what the address asks for; a later one is confirmed
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
      const isFirst = !this.#wasWelcomed && this.#reactor?.attempts === 0;
      this.#isPlaced = false;
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
    this.#stopShrink();
    reactor?.close();
    for (const session of sessions) session.close(code, reason);
  }

  /** Sees each frame before the connection does. */
  #read(reactor: Reactor, text: string): unknown {
    const parsed: unknown = JSON.parse(text);
    if (reactor !== this.#reactor) return parsed;
    const frame = decodeServerFrame(text, () => parsed);
    if (frame?.type === "reactor_events") {
      if (applyRange(this.#cursor, frame).gap) return parsed; // the connection gives up
      if (!frame.more) this.#isAtHead = true;
      for (const session of [...this.#sessions.values()]) {
        if (session.phase === "live") session.pass(text, frame);
        else if (session.phase === "reading") session.held.push(() => session.pass(text, frame));
      }
    } else {
      this.#ports.soon(() => {
        if (reactor === this.#reactor && reactor.state === "connected") this.#apply(text, frame);
      });
    }
    return parsed;
  }

  /** After the connection has applied it. */
  #apply(text: string, frame: ServerFrame | undefined): void {
    switch (frame?.type) {
      case "reactor_connected":
        this.#advice = frame.data;
        this.#wasWelcomed = true;
        this.#isAtHead = frame.data.recovered === null;
        this.#isPlaced = frame.data.recovered !== false;
        if (frame.data.recovered) this.#resume(frame.cursor);
        this.#serve();
        break;
      case "reactor_reset":
        this.#isPlaced = true;
        for (const session of this.#sessions.values()) {
          if (session.phase === "live" && !isBeyond(session.cursor, frame.data)) {
            session.cursor = frame.cursor;
            session.say(text);
          }
        }
        this.#serve();
        break;
      case "reactor_subscribed":
        this.#held = frame.data.events;
        for (const session of this.#welcomed) if (session.phase === "live") session.progress(frame.cursor);
        this.#serve();
        break;
      case "reactor_emitted":
        break;
      case "reactor_error":
        this.#refused(text, frame.data.code, frame.data.ref);
        break;
      default: // of a hub that knows more than this does
        for (const session of this.#welcomed) session.say(text);
    }
  }

  #refused(text: string, code: string, ref: unknown): void {
    if (ref !== null && ref !== undefined) return; // an emit's
    if (code === "bad_pattern") {
      this.#asked = []; // too many together; each tab picks its own from all
      this.#reactor?.subscribe([]);
    } else if (code === "token_expiring") {
      this.#askForToken(text);
    } else {
      for (const session of this.#welcomed) session.say(text);
    }
  }

  /** One tab after the other, until one has a fresh token. */
  #askForToken(text: string): void {
    const token = this.#token;
    const ask = ([session, ...others]: readonly TabSession[]) => {
      if (!session || token !== this.#token) return;
      session.say(text);
      this.#ports.after(ANSWER_MS, () => ask(others));
    };
    ask(this.#welcomed);
  }

  get #welcomed(): readonly TabSession[] {
    return [...this.#sessions.values()].filter(({ isWelcomed }) => isWelcomed);
  }

  /** Where the connection is. */
  get #cursor(): Cursor {
    return parseCursor(this.#reactor?.cursor) ?? ORIGIN;
  }

  /** The hub sends what follows `from`: tabs that are there, or further, need nothing else. */
  #resume(from: Cursor): void {
    for (const session of this.#sessions.values()) {
      const { cursor, phase, patterns } = session;
      if (phase !== "waiting" || !cursor || cursor.epoch !== from.epoch || cursor.seq < from.seq) continue;
      if (!covers(this.#held, patterns)) continue;
      session.welcome(cursor, true, this.#advice);
      session.phase = "live";
    }
  }

  /** Welcomes tabs, and grants what they asked for, as far as the hub has confirmed that it sends it. */
  #serve(): void {
    const reactor = this.#reactor;
    if (!reactor) return;
    const needed = [...this.#sessions.values()].flatMap((session) => session.needed);
    if (!needed.every((patterns) => covers(this.#asked, patterns))) {
      this.#asked = unionOf([this.#asked, ...needed]);
      reactor.subscribe(this.#asked);
    }
    if (!this.#isPlaced || reactor.state !== "connected") return;
    for (const session of [...this.#sessions.values()]) {
      if (session.phase === "waiting" && covers(this.#held, session.patterns)) this.#begin(session);
      if (session.phase !== "live") continue;
      while (session.asking[0] && covers(this.#held, session.asking[0])) {
        session.progress(this.#cursor);
        session.granted();
        this.#shrinkLater();
      }
    }
  }

  #begin(session: TabSession): void {
    const { cursor, last } = session;
    const own = this.#cursor;
    if (last !== null) void this.#catchUp(session, `last=${last}`);
    else if (!cursor && !this.#isAtHead) void this.#catchUp(session, "last=1");
    else if (cursor && formatCursor(cursor) !== formatCursor(own)) {
      void this.#catchUp(session, `after=${formatCursor(cursor)}`);
    } else {
      session.welcome(own, cursor ? true : null, this.#advice);
      session.phase = "live";
    }
  }

  /** Reads the log until the tab is where the connection is, page by page. */
  async #catchUp(session: TabSession, start: string): Promise<void> {
    const isHere = () => this.#sessions.get(session.id) === session;
    session.phase = "reading";
    let from = start;
    for (let failures = 0; isHere(); ) {
      session.held.length = 0; // the page has it
      const floor = this.#cursor;
      const page = await readPage(this.#stream, from, session.patterns, this.#token, this.#ports);
      if (!isHere()) return;
      const isStale = "text" in page && page.cursor.epoch === floor.epoch && page.cursor.seq < floor.seq && !page.more;
      if ("text" in page && !isStale) {
        failures = 0;
        this.#sendPage(session, page, start);
        from = `after=${formatCursor(page.cursor)}`;
        if (!page.more || start.startsWith("last=")) return this.#goLive(session);
        if (session.isSlow) {
          session.phase = "slow";
          return;
        }
        continue;
      }
      if ("isFinal" in page && (page.isFinal || failures === QUIET_FAILURES)) {
        const { code, message } = page;
        session.say(JSON.stringify({ type: "reactor_error", data: { code, message, ref: null } }));
        if (page.isFinal) {
          this.#forget(session);
          return session.close(GONE, message);
        }
      }
      const delay = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)] ?? 0;
      await new Promise<void>((resolve) => void this.#ports.after(delay, resolve));
    }
  }

  #sendPage(
    session: TabSession,
    page: Extract<Awaited<ReturnType<typeof readPage>>, { text: string }>,
    start: string,
  ): void {
    const { text, after, cursor, reset } = page;
    const isNewcomer = session.cursor === undefined;
    if (isNewcomer && session.last === null) {
      session.welcome(cursor, null, this.#advice); // at the head
      return;
    }
    if (!session.isWelcomed) {
      const resumed = start.startsWith("last=") ? null : !reset;
      session.welcome(session.cursor && resumed ? session.cursor : after, resumed, this.#advice);
    }
    if (reset) {
      session.say(encodeReset(reset));
      session.cursor = parseCursor(reset.cursor);
    }
    session.passRange(text, cursor);
  }

  #goLive(session: TabSession): void {
    session.phase = "live";
    for (const pass of session.held.splice(0)) if (session.phase === "live") pass();
    this.#serve();
  }

  #hearText(session: TabSession, text: string): void {
    if (text === "ping") {
      this.#answerPing(session);
      return;
    }
    const message = parseObject(text);
    const data = asObject(message?.data) ?? {};
    switch (message?.type) {
      case "subscribe":
        session.asking.push(data.events as readonly string[]);
        this.#serve();
        break;
      case "ack": {
        const cursor = parseCursor(data.cursor);
        if (cursor) session.acknowledged(cursor);
        if (session.phase === "slow" && !session.isSlow && session.cursor) {
          void this.#catchUp(session, `after=${formatCursor(session.cursor)}`);
        }
        break;
      }
      case "emit":
        void this.#emit(session, message.ref, data);
        break;
      case "auth":
        this.#renew(session, String(data.token));
        break;
      default:
        this.#reactor?.send(String(message?.type), message?.data);
    }
  }

  /** The hub's own answer: a tab that is back on the network learns whether the line is dead. */
  #answerPing(session: TabSession): void {
    this.#ping ??= this.#reactor?.ping().finally(() => {
      this.#ping = undefined;
    });
    void this.#ping?.then((ms) => {
      if (ms === null || !this.#sessions.has(session.id)) return;
      if (session.phase === "live") session.progress(this.#cursor);
      session.say("pong");
    });
  }

  async #emit(session: TabSession, ref: unknown, { type, data, id }: Readonly<Record<string, unknown>>): Promise<void> {
    const reactor = this.#reactor;
    if (!reactor) return;
    const sent = this.#emits.get(id) ?? reactor.emit(String(type), data, { id: String(id) });
    const forget = () => this.#emits.get(id) === sent && this.#emits.delete(id);
    this.#emits.set(id, sent);
    try {
      const { cursor, id: given, duplicate } = await sent;
      session.say(encodeEmitted({ ref, cursor, id: given, duplicate }));
      this.#ports.after(REMEMBER_MS, forget);
    } catch (error) {
      forget();
      const { code = "internal", message } = error as { readonly code?: string; readonly message: string };
      if (code === "closed") return; // the tab sends it again elsewhere
      session.say(JSON.stringify({ type: "reactor_error", data: { code, message, ref } }));
    }
  }

  /** A tab has a fresh token. One that says something else belongs elsewhere. */
  #renew(session: TabSession, token: string): void {
    const { share } = this.#upstream;
    const key = (each: string | undefined) => groupKey(this.#stream, each, share);
    if (key(token) !== key(this.#token)) {
      this.#forget(session);
      session.close(GONE, "The token is for another connection.");
    } else if (token !== this.#token) {
      this.#token = token;
      this.#reactor?.refreshToken();
    }
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
    this.#stopShrink();
    this.#stopShrink = this.#ports.after(SHRINK_MS, () => {
      const union = unionOf([...this.#sessions.values()].flatMap(({ needed }) => needed));
      if (this.#sessions.size === 0 || covers(union, this.#asked)) return;
      this.#asked = union;
      this.#reactor?.subscribe(union);
    });
  }
}

/** How long a tab may take for a fresh token before another one is asked. */
const ANSWER_MS = 5_000;

/** The lowest cursor of tabs that are near each other; of those in several logs, and those from the beginning, it is the newest's. */
function startOf(sessions: readonly TabSession[]): Cursor | undefined {
  const cursors = sessions.flatMap(({ cursor }) => cursor ?? []);
  const newest = cursors.filter(({ epoch }) => epoch !== ORIGIN.epoch).at(-1);
  if (!newest) return cursors[0];
  const seqs = cursors.filter(({ epoch }) => epoch === newest.epoch).map(({ seq }) => seq);
  const highest = Math.max(...seqs);
  const near = seqs.filter((seq) => seq >= highest - NEAR_EVENTS);
  return { epoch: newest.epoch, seq: Math.min(...near) };
}

/** Deleted events that a tab has do not concern it. */
function isBeyond(cursor: Cursor | undefined, reset: Reset): boolean {
  const to = parseCursor(reset.cursor);
  return reset.reason === "trimmed" && cursor?.epoch === to?.epoch && (cursor?.seq ?? 0) >= (to?.seq ?? 0);
}
