// The tabs that share, without a worker: one of them holds the connection, and a Web Lock that says so. The browser passes the lock on
// when its tab is closed or has crashed, but a frozen or busy tab keeps it for ever. So the others ask it whether it is there, and take
// the lock from a tab that does not answer. They ask, since a hidden tab's timers run once a minute: it would miss every beat that it
// owes, but answers a message at once.
import { ConnectionHolder, type Upstream } from "./connection-holder.ts";
import type { PromptTimers } from "./prompt-timers.ts";
import type { ToHolder, ToTab } from "./tab-message.ts";
import { TabSocket } from "./tab-socket.ts";
import type { Channel, Locks, TabsPorts } from "./tabs-ports.ts";

/** Each holder has a higher term than those before: what one says that was frozen, and has lost the lock, is not heard. */
interface Envelope {
  readonly from: string;
  readonly term: number;
  /** To all tabs: who holds the connection? Who does answers `lead`, also unasked when it begins. */
  readonly kind?: "who" | "lead" | "echo";
  readonly message?: ToHolder | ToTab;
}

export type GroupPorts = TabsPorts & { readonly locks: Locks; readonly channel: NonNullable<TabsPorts["channel"]> };

const ASK_MS = 5_000;

/** Answers of hidden tabs took 1 ms at the median and 52 ms at most, measured in Chromium. */
const [ANSWER_MS, ANSWER_SPREAD_MS] = [2_000, 1_000];

/** So long a new holder waits for the cursors of the other tabs, of which the hub is asked for the lowest. */
const GATHER_MS = 200;

const REPLACED = "Another tab holds the connection now.";

export class TabGroup {
  readonly #name: string;
  readonly #stream: string;
  readonly #upstream: Upstream;
  readonly #ports: GroupPorts;
  readonly #timers: PromptTimers;
  readonly #onBroken: () => void;
  readonly #id: string;
  readonly #sockets = new Map<string, TabSocket>();
  /** Where each holder or tab is reached. */
  readonly #channels = new Map<string, Channel>();
  readonly #all: Channel;
  readonly #own: Channel;
  #holder: ConnectionHolder | undefined;
  /** The tab that holds the connection, as far as is known, and its term. */
  #leader: string | undefined;
  #term = 0;
  /** Which of them each socket was sent to. */
  readonly #sentTo = new WeakMap<TabSocket, string>();
  /** Withdraws the place in the queue for the lock: who takes it would get it a second time. */
  #queued: AbortController | undefined;
  #release = () => {};
  /** The question that is not answered. */
  #question: object | undefined;
  #isStealing = false;
  #hasLeft = false;
  #stopAsking = () => {};

  /**
   * @param name of the lock, the same for all tabs that share
   * @param onBroken is called if the browser refuses locks here: each tab connects by itself then
   */
  constructor(
    name: string,
    stream: string,
    upstream: Upstream,
    ports: GroupPorts,
    timers: PromptTimers,
    onBroken: () => void,
  ) {
    this.#name = name;
    this.#stream = stream;
    this.#upstream = upstream;
    this.#ports = { ...ports, after: timers.after, locks: ports.locks, channel: ports.channel };
    this.#timers = timers;
    this.#onBroken = onBroken;
    this.#id = randomName(ports);
    this.#all = ports.channel(name, (message) => this.#hear(message as Envelope));
    this.#own = ports.channel(`${name}:${this.#id}`, (message) => this.#hear(message as Envelope));
    this.#request(false);
    this.#ask();
  }

  get name(): string {
    return this.#name;
  }

  open(url: string, protocols: readonly string[]): TabSocket {
    const socket = new TabSocket(randomName(this.#ports), url, protocols, ({ session }) => {
      this.#sockets.delete(session);
    });
    this.#sockets.set(socket.session, socket);
    this.#ports.soon(() => {
      this.#send(socket);
      if (!this.#holder) this.#inquire();
    });
    return socket;
  }

  /** The tab is shown, or back on the network. */
  sign(): void {
    for (const { carry, session } of this.#sockets.values()) carry({ kind: "sign", session });
  }

  /** Another tab may hold the connection now. */
  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#stopAsking();
    for (const socket of [...this.#sockets.values()]) socket.drop(1012, "This tab has left the others.");
    this.#stopHolding("The tab that held the connection was closed.");
    this.#queued?.abort();
    for (const channel of [this.#all, this.#own, ...this.#channels.values()]) channel.close();
  }

  /** @param steals takes the lock from the tab that holds it; else waits until it is free */
  #request(steals: boolean): void {
    const controller = new AbortController();
    this.#queued = controller;
    let isOver = false;
    const hold = () => {
      // It may be granted while it is withdrawn, or taken by another tab before this is called.
      if (this.#hasLeft || isOver || controller.signal.aborted) return Promise.resolve();
      this.#lead();
      return new Promise<void>((resolve) => {
        this.#release = resolve;
      });
    };
    const over = (error?: unknown) => {
      isOver = true;
      if (steals) this.#isStealing = false;
      if (this.#hasLeft || controller.signal.aborted) return;
      if (error !== undefined && (error as Error).name !== "AbortError") {
        this.#onBroken(); // not allowed in this frame, or not with this storage
        return;
      }
      this.#yield();
      this.#request(false);
      this.#inquire();
    };
    const { locks } = this.#ports;
    const options = steals ? { steal: true } : { signal: controller.signal };
    locks.request(this.#name, options, hold).then(() => over(), over);
  }

  #lead(): void {
    const isTakeover = this.#term > 0;
    this.#isStealing = false;
    this.#question = undefined;
    this.#term = Math.max(this.#term + 1, Math.trunc(this.#ports.now()));
    this.#holder = new ConnectionHolder(this.#stream, this.#upstream, this.#ports, isTakeover ? GATHER_MS : 0);
    this.#announce();
    this.#follow(this.#id);
    // Once more: by the first a hidden tab learns that its socket is closed, and this lets the timer run by which it comes back.
    if (isTakeover) this.#ports.after(GATHER_MS / 2, () => this.#holder && this.#announce());
  }

  #stopHolding(reason: string): void {
    this.#holder?.close(reason);
    this.#holder = undefined;
    this.#release();
  }

  /** Another tab has taken the lock. */
  #yield(): void {
    if (!this.#holder) return;
    this.#leader = undefined;
    this.#stopHolding(REPLACED);
  }

  #announce(): void {
    this.#all.post({ from: this.#id, term: this.#term, kind: "lead" } satisfies Envelope);
  }

  #hear({ from, term, kind, message }: Envelope): void {
    if (this.#hasLeft) return;
    this.#timers.nudge();
    switch (kind) {
      case "who":
        if (this.#holder) this.#post(from, { kind: "lead" });
        break;
      case "echo":
        this.#heardAll();
        break;
      case "lead":
        if (term < this.#term || (this.#holder && term === this.#term)) return;
        this.#yield();
        this.#term = term;
        this.#question = undefined;
        this.#follow(from);
    }
    if (!message) return;
    if (this.#holder) this.#holder.hear(message as ToHolder, (reply) => this.#post(from, { message: reply }));
    else if (from === this.#leader && term >= this.#term) this.#take(message as ToTab);
  }

  #take(message: ToTab): void {
    this.#question = undefined;
    this.#sockets.get(message.session)?.take(message);
  }

  /** From now on `leader` holds the connection. What another one has begun is over; what none has heard yet is asked of it. */
  #follow(leader: string): void {
    this.#leader = leader;
    for (const socket of [...this.#sockets.values()]) {
      if (socket.isHeard && this.#sentTo.get(socket) !== leader) socket.drop(1012, REPLACED);
      else this.#send(socket);
    }
  }

  #send(socket: TabSocket): void {
    const leader = this.#leader;
    if (leader === undefined || this.#sentTo.get(socket) === leader) return;
    this.#sentTo.set(socket, leader);
    const holder = this.#holder;
    // In this tab too nothing arrives in the turn in which it is said.
    const reply = (message: ToTab) => void this.#ports.soon(() => socket.take(message));
    socket.carry = holder
      ? (message) => void this.#ports.soon(() => holder.hear(message, reply))
      : (message) => this.#post(leader, { message });
    socket.knock();
  }

  #ask(): void {
    this.#stopAsking = this.#ports.after(ASK_MS, () => {
      this.#ask();
      if (!this.#holder) this.#inquire();
      else for (const { carry, session } of this.#sockets.values()) carry({ kind: "ask", session });
    });
  }

  /** Asks the holder whether it is there, or all tabs who it is. */
  #inquire(): void {
    if (this.#question || this.#isStealing || this.#hasLeft) return;
    const question = {};
    this.#question = question;
    const sockets = [...this.#sockets.values()].filter((socket) => this.#sentTo.get(socket) === this.#leader);
    if (this.#leader === undefined || sockets.length === 0) {
      this.#all.post({ from: this.#id, term: this.#term, kind: "who" } satisfies Envelope);
    }
    for (const { carry, session } of sockets) carry({ kind: "ask", session });
    this.#ports.after(ANSWER_MS + ANSWER_SPREAD_MS * this.#ports.random(), () => {
      // A tab that was frozen itself finds the answer behind this timer: its own message comes after it.
      if (this.#question === question) this.#post(this.#id, { kind: "echo" });
    });
  }

  /** All that was said to this tab was heard. */
  #heardAll(): void {
    if (!this.#question || this.#holder || this.#isStealing) return;
    this.#question = undefined;
    this.#isStealing = true;
    this.#queued?.abort();
    this.#request(true);
  }

  #post(to: string, envelope: Pick<Envelope, "kind" | "message">): void {
    const channel = this.#channels.get(to) ?? this.#ports.channel(`${this.#name}:${to}`, () => {});
    this.#channels.set(to, channel);
    channel.post({ from: this.#id, term: this.#term, ...envelope } satisfies Envelope);
  }
}

export function randomName({ random }: Pick<TabsPorts, "random">): string {
  return `${random().toString(36).slice(2)}${random().toString(36).slice(2)}`;
}
