// A browser with tabs, in manual time: they freeze, crash and are closed, and have locks, channels, and one hub with its real logic.
import type { ClientSocket, Close } from "../../src/client/connection/ports.ts";
import type { Reactor } from "../../src/client/reactor.ts";
import { readHistory } from "../../src/core/log/history.ts";
import { connectTabs, type TabsOptions } from "../../src/tabs/connect-tabs.ts";
import { ConnectionHolder } from "../../src/tabs/connection-holder.ts";
import type { Channel, Locks, TabsPorts } from "../../src/tabs/tabs-ports.ts";
import type { ToWorker, WorkerLike } from "../../src/tabs/worker-link.ts";
import { parseCursor } from "../../src/wire/cursor.ts";
import type { ReactorEvent } from "../../src/wire/event.ts";
import { type Patterns, parseAsked } from "../../src/wire/pattern.ts";
import { draftOf } from "./drafts.ts";
import { HubInMemory } from "./hub-in-memory.ts";
import { ManualClock, ManualPage, promisesSettle, seeded } from "./manual-ports.ts";
import { RecordingSocket } from "./recording-socket.ts";

/** What runs in a tab runs in tasks: none while it is frozen, none more once it has crashed. */
export class Tab {
  readonly browser: TabsBrowser;
  readonly name: string;
  isFrozen = false;
  isGone = false;
  /** The seqs that it was given, in order. */
  readonly record: number[] = [];
  readonly states: string[] = [];
  readonly resets: string[] = [];
  readonly errors: string[] = [];
  /** Where it was when it was connected first. */
  start: string | undefined;
  reactor!: Reactor;
  #waiting: { readonly run: () => void; readonly isTimer: boolean }[] = [];

  constructor(browser: TabsBrowser, name: string) {
    this.browser = browser;
    this.name = name;
  }

  task(run: () => void, isTimer = false): void {
    if (this.isGone) return;
    if (this.isFrozen) this.#waiting.push({ run, isTimer });
    else run();
  }

  /** Timers that are due run before what was said meanwhile. */
  thaw(): void {
    this.isFrozen = false;
    const waiting = this.#waiting.sort((one, other) => Number(other.isTimer) - Number(one.isTimer));
    this.#waiting = [];
    for (const { run } of waiting) this.browser.clock.after(0, () => this.task(run));
  }

  crash(): void {
    this.isGone = true;
    this.browser.gone(this);
  }

  /** As by a user: nothing is said. */
  close(): void {
    this.crash();
  }
}

interface Request {
  readonly tab: Tab;
  readonly hold: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

class LockManager {
  readonly #held = new Map<string, Request>();
  readonly #queues = new Map<string, Request[]>();

  of(tab: Tab): Locks {
    return {
      request: (name, { signal, steal }, hold) =>
        new Promise((resolve, reject) => {
          const request: Request = { tab, hold, resolve: () => resolve(undefined), reject };
          const queue = this.#queues.get(name) ?? [];
          this.#queues.set(name, queue);
          if (steal) {
            const lost = this.#held.get(name);
            lost?.tab.task(() => lost.reject(new DOMException("stolen", "AbortError")));
            this.#grant(name, request);
            return;
          }
          queue.push(request);
          signal?.addEventListener("abort", () => {
            const index = queue.indexOf(request);
            if (index < 0) return;
            queue.splice(index, 1);
            reject(new DOMException("withdrawn", "AbortError"));
          });
          this.#next(name);
        }),
    };
  }

  holder(name?: string): Tab | undefined {
    return [...this.#held].find(([each]) => name === undefined || each === name)?.[1].tab;
  }

  get queued(): number {
    return [...this.#queues.values()].flat().length;
  }

  gone(tab: Tab): void {
    for (const [name, queue] of this.#queues) {
      this.#queues.set(
        name,
        queue.filter((request) => request.tab !== tab),
      );
    }
    for (const [name, request] of [...this.#held]) {
      if (request.tab === tab) this.#free(name, request);
    }
  }

  #grant(name: string, request: Request): void {
    this.#held.set(name, request);
    request.tab.browser.clock.after(1, () =>
      request.tab.task(() => {
        void request.hold().then(() => {
          request.resolve();
          this.#free(name, request);
        });
      }),
    );
  }

  #free(name: string, request: Request): void {
    if (this.#held.get(name) !== request) return;
    this.#held.delete(name);
    this.#next(name);
  }

  #next(name: string): void {
    if (this.#held.has(name)) return;
    const next = this.#queues.get(name)?.shift();
    if (next) this.#grant(name, next);
  }
}

/** A tab's socket to the hub. */
class HubSocket implements ClientSocket {
  readonly tab: Tab;
  /** What the tab has sent. */
  readonly heard: string[] = [];
  readonly end: HubEnd;
  readyState = 1;
  readonly #listeners = new Map<string, ((event: unknown) => void)[]>();

  constructor(tab: Tab) {
    this.tab = tab;
    this.end = new HubEnd(this);
  }

  // biome-ignore lint/suspicious/noExplicitAny: one body for the interface's overloads
  addEventListener(type: string, listener: (event?: any) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  dispatch(type: string, event?: unknown): void {
    this.tab.browser.clock.after(1, () =>
      this.tab.task(() => {
        for (const listener of this.#listeners.get(type) ?? []) listener(event);
      }),
    );
  }

  send(text: string): void {
    const { browser } = this.tab;
    this.heard.push(text);
    if (text === "ping") this.dispatch("message", { data: "pong" });
    else if (!browser.isDeaf && !text.includes('"auth"')) {
      browser.clock.after(1, () => browser.inHub(() => this.readyState === 1 && browser.hub.send(this.end, text)));
    }
  }

  close(): void {
    this.readyState = 3;
    const { browser } = this.tab;
    browser.sockets.delete(this);
    browser.inHub(() => browser.hub.leave(this.end));
  }

  cut(close: Close): void {
    this.tab.browser.sockets.delete(this);
    this.readyState = 3;
    this.dispatch("close", close);
  }
}

class HubEnd extends RecordingSocket {
  readonly #socket: HubSocket;

  constructor(socket: HubSocket) {
    super();
    this.#socket = socket;
  }

  override send(text: string): void {
    super.send(text);
    this.#socket.dispatch("message", { data: text });
  }

  override close(code: number, reason: string): void {
    super.close(code, reason);
    this.#socket.cut({ code, reason });
  }
}

const STEPS = 8;

export class TabsBrowser {
  readonly clock = new ManualClock();
  readonly hub = new HubInMemory();
  readonly locks = new LockManager();
  readonly tabs: Tab[] = [];
  /** Those that the hub counts. */
  readonly sockets = new Set<HubSocket>();
  opened = 0;
  /** How often the log was read over HTTP. */
  reads = 0;
  isDown = false;
  /** Whether what tabs send to the hub is lost. */
  isDeaf = false;
  /** How the log is answered over HTTP, in place of its pages. */
  refusal: { readonly status: number; readonly body: object } | undefined;
  /** Tokens that the hub refuses, and what each socket was shown. */
  readonly refused = new Set<string>();
  readonly shown: string[] = [];
  readonly random: () => number;
  /** A SharedWorker, which no tab disturbs. */
  readonly worker = new Tab(this, "worker");
  workersMade = 0;
  #holders = new Map<string, ConnectionHolder>();
  readonly #pages = new Map<Tab, ManualPage>();
  readonly #unheard = new Map<Tab, number>();
  readonly #channels = new Map<string, Set<{ readonly tab: Tab; hear(message: unknown): void }>>();

  constructor(seed = 1) {
    this.random = seeded(seed);
  }

  /** Opens a tab, whose page notes what it hears. */
  open(options: TabsOptions = {}, changes: Partial<TabsPorts> = {}, makeWorker?: (tab: Tab) => WorkerLike): Tab {
    const tab = new Tab(this, `tab${this.tabs.length}`);
    this.tabs.push(tab);
    const worker = makeWorker && (() => makeWorker(tab));
    const reactor = connectTabs(
      { url: "https://hub.test", worker, ...options },
      { ...this.portsOf(tab), ...changes, hasWorkers: worker !== undefined },
    );
    tab.reactor = reactor;
    reactor.on("*", ({ seq }: ReactorEvent) => void (seq !== undefined && tab.record.push(seq)));
    reactor.onState((state) => {
      tab.states.push(state);
      if (state === "connected") tab.start ??= reactor.cursor;
    });
    reactor.onReset(({ reason }) => tab.resets.push(reason));
    reactor.onError(({ code }) => tab.errors.push(code));
    return tab;
  }

  portsOf(tab: Tab): TabsPorts {
    const { clock } = this;
    return {
      open: (url, protocols) => this.#connect(tab, url, protocols),
      after: (ms, run) => clock.after(ms, () => tab.task(run, true)),
      soon: (run) => clock.soon(() => tab.task(run)),
      random: this.random,
      now: () => 1_000_000 + clock.nowMs,
      locks: this.locks.of(tab),
      channel: (name, onMessage) => this.#channel(tab, name, onMessage),
      hasWorkers: false,
      page: this.pageOf(tab),
      fetch: (url) => this.#fetch(url),
    };
  }

  /** Which the test hides and shows. */
  pageOf(tab: Tab): ManualPage {
    const page = this.#pages.get(tab) ?? new ManualPage();
    this.#pages.set(tab, page);
    return page;
  }

  /** What the option `worker` of `tab` makes; `fails`: its script cannot be loaded. */
  makeWorker(tab: Tab, fails = false): WorkerLike {
    this.workersMade += 1;
    const { clock, worker } = this;
    const listeners: ((event: { data: unknown }) => void)[] = [];
    const reply = (data: unknown) => {
      clock.after(1, () => tab.task(() => isOpen && listeners.forEach((listener) => void listener({ data }))));
    };
    let isOpen = true;
    const life = this.#holders;
    const port = {
      postMessage: ({ key, stream, share, message }: ToWorker) => {
        if (fails || life !== this.#holders) return;
        clock.after(1, () =>
          worker.task(() => {
            const holder = this.#holders.get(key) ?? new ConnectionHolder(stream, { share }, this.portsOf(worker));
            this.#holders.set(key, holder);
            holder.hear(structuredClone(message), reply);
          }),
        );
      },
      addEventListener: (_: string, listener: (event: { data: unknown }) => void) => void listeners.push(listener),
      start: () => {},
      close: () => {
        isOpen = false;
      },
    };
    const onError = (listener: () => void) => fails && clock.after(50, () => tab.task(listener));
    return { port: port as never, addEventListener: (_, listener) => void onError(listener) };
  }

  /** The browser ends the worker, and says nothing. */
  endWorker(): void {
    for (const socket of [...this.sockets]) if (socket.tab === this.worker) socket.close();
    this.#holders = new Map();
  }

  emit(type = "a"): void {
    this.inHub(() => this.hub.emit(1, type));
  }

  emitData(data: string): void {
    this.inHub(() => this.hub.emit([draftOf({ type: "a", data })]));
  }

  /** The hub says it on every socket. */
  tell(text: string): void {
    this.inHub(() => {
      for (const { end } of this.sockets) end.send(text);
    });
  }

  /** Characters of messages that a frozen tab has not taken in. */
  waitingFor(tab: Tab): number {
    return this.#unheard.get(tab) ?? 0;
  }

  /** All events. */
  log(): ReactorEvent[] {
    const all = { events: 10_000, bytes: Number.POSITIVE_INFINITY };
    const { text } = readHistory(
      this.hub.log as never,
      { at: "after", cursor: null },
      { asked: null, allowed: null },
      all,
    );
    return JSON.parse(text).events;
  }

  /** All sockets break, without a word. */
  cut(): void {
    for (const socket of [...this.sockets]) {
      this.inHub(() => this.hub.leave(socket.end));
      socket.cut({ code: 1006, reason: "" });
    }
  }

  /** In steps, between which what waits for promises alone goes on. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.clock.nowMs + ms;
    for (let left = STEPS; left > 0; left -= 1) {
      for (let turn = 0; turn < 3; turn++) {
        await promisesSettle();
        this.clock.endTurn();
      }
      await this.clock.live(Math.trunc((untilMs - this.clock.nowMs) / left), () => this.inHub(() => {}));
      this.inHub(() => {});
    }
  }

  gone(tab: Tab): void {
    this.locks.gone(tab);
    for (const socket of [...this.sockets]) if (socket.tab === tab) socket.close();
  }

  inHub(act: () => void): void {
    act();
    this.hub.pass(Math.max(0, this.clock.nowMs + 1_000 - this.hub.at.ms));
  }

  #connect(tab: Tab, url: string, protocols: readonly string[]): HubSocket {
    const socket = new HubSocket(tab);
    this.opened += 1;
    this.clock.after(2, () => {
      if (tab.isGone || socket.readyState > 1) return;
      if (this.isDown) return socket.cut({ code: 1006, reason: "" });
      const query = new URL(url).searchParams;
      const token = protocols.find((each) => each.startsWith("reactor.token."))?.slice("reactor.token.".length);
      if (token !== undefined) this.shown.push(token);
      if (token !== undefined && this.refused.has(token))
        return socket.cut({ code: 4401, reason: "The token is refused." });
      this.sockets.add(socket);
      socket.dispatch("open");
      this.inHub(() =>
        this.hub.broker.attach(socket.end, {
          ...{ clientId: "c", dialect: "v1", channel: "main", allowed: null, sub: "u", expiresMs: null, address: null },
          emit: null,
          asked: askedIn(query),
          cursor: parseCursor(query.get("cursor")) ?? null,
          last: query.has("last") ? Number(query.get("last")) : null,
        }),
      );
    });
    return socket;
  }

  #channel(tab: Tab, name: string, onMessage: (message: unknown) => void): Channel {
    const all = this.#channels.get(name) ?? new Set();
    this.#channels.set(name, all);
    const own = { tab, hear: onMessage };
    let isOpen = true;
    all.add(own);
    return {
      post: (message) => {
        if (!isOpen || tab.isGone) return;
        const copy = structuredClone(message);
        for (const other of [...all]) {
          if (other === own) continue;
          if (other.tab.isFrozen) {
            this.#unheard.set(other.tab, this.waitingFor(other.tab) + JSON.stringify(message).length);
          }
          this.clock.after(1, () => other.tab.task(() => all.has(other) && other.hear(copy)));
        }
      },
      close: () => {
        isOpen = false;
        all.delete(own);
      },
    };
  }

  #fetch(url: string): Promise<Response> {
    this.reads += 1;
    const query = new URL(url).searchParams;
    return new Promise((resolve, reject) => {
      this.clock.after(2, () => {
        if (this.isDown) return reject(new TypeError("Failed to fetch"));
        const { refusal } = this;
        if (refusal) return resolve(Response.json(refusal.body, { status: refusal.status }));
        const after = parseCursor(query.get("after"));
        const { text } = readHistory(
          this.hub.log as never,
          after ? { at: "after", cursor: after } : { at: "last" },
          { asked: askedIn(query), allowed: null },
          { events: Number(query.get("last") ?? 100), bytes: 4_000_000 },
        );
        this.clock.after(2, () => resolve(new Response(text)));
      });
    });
  }
}

function askedIn(query: URLSearchParams): Patterns | null {
  const listed = query.get("events")?.split(",") ?? [];
  if (listed.length === 0) return null;
  const parsed = parseAsked(listed);
  if (!parsed.ok) throw new Error(parsed.problem.detail);
  return parsed.value;
}
