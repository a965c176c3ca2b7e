// The Reactor: the event bus inside a hub. Listeners hear what was emitted, after it is in the log and on its way to the
// browsers; none of them can hurt another, or the emit. Fifth step of an event's way, beside the sockets.
import type { ReactorEvent } from "../wire/event.ts";
import type { Moment } from "./moment.ts";

/** What the data of each event name is. Names that are not in it are welcome, with data of any kind. */
export type EventMap = Readonly<Record<string, unknown>>;

type DataOf<Events extends EventMap, Name extends string> = Name extends keyof Events ? Events[Name] : unknown;

/** What a listener is handed besides the data. */
export interface Heard<Events extends EventMap> {
  readonly event: ReactorEvent;
  /** Emits behind the event that is heard. @throws beyond 8 emits that each came of the one before */
  emit<Name extends string>(name: Name, data: DataOf<Events, Name>): Promise<void>;
}

export type Listener<Events extends EventMap, Name extends string> = (
  data: DataOf<Events, Name>,
  heard: Heard<Events>,
) => unknown;

/** An event as the bus carries it: listeners get it parsed, each its own copy. */
export interface Carried {
  readonly type: string;
  /** JSON text. */
  readonly event: string;
}

/** What a bus takes from its surroundings. */
export interface ReactorPorts {
  now(): Moment;
  /** Makes an event of what a listener or a caller emits. It MAY throw: then nothing was emitted. */
  record(name: string, data: unknown): Carried;
  /** Shows events to all connected clients. It MAY throw: that is reported, and fails no emit. */
  wsBroadcast(events: readonly Carried[]): void;
  /** Is told what a listener or a broadcast threw. */
  report(what: string, error: unknown): void;
  /** Keeps the surroundings awake until `promise` is settled. It never rejects. */
  keepAwake(promise: Promise<unknown>): void;
}

export interface Metrics {
  readonly events_emitted: number;
  readonly event_types: number;
  readonly listeners_count: number;
  readonly event_breakdown: Readonly<Record<string, number>>;
  readonly listeners_breakdown: Readonly<Record<string, number>>;
}

export interface Health {
  readonly status: "healthy" | "stopped";
  readonly listeners: number;
  readonly events_emitted: number;
  /** Seconds since `start`. */
  readonly uptime: number;
}

/** Listeners that emit may set off others, and those more: so far, and no further. */
const MAX_DEPTH = 8;

type AnyListener<Events extends EventMap> = (data: never, heard: Heard<Events>) => unknown;

export class Reactor<Events extends EventMap = EventMap> {
  readonly #ports: ReactorPorts;
  readonly #listeners = new Map<string, Set<AnyListener<Events>>>();
  readonly #emitted = new Map<string, number>();
  #startedMs: number | null = null;

  constructor(ports: ReactorPorts) {
    this.#ports = ports;
  }

  get isRunning(): boolean {
    return this.#startedMs !== null;
  }

  start(): void {
    this.#startedMs ??= this.#ports.now().ms;
  }

  /** From now on nothing is emitted and nothing heard. Listeners stay. */
  stop(): void {
    this.#startedMs = null;
  }

  /** Calls `listener` for each event of `name`, or of every name for `*`. The same one is called once. @returns its undo */
  on<Name extends string>(name: Name, listener: Listener<Events, Name>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => this.off(name, listener);
  }

  /** As `on`, for the next one only. */
  once<Name extends string>(name: Name, listener: Listener<Events, Name>): () => void {
    const undo = this.on(name, (data: DataOf<Events, Name>, heard) => {
      undo();
      return listener(data, heard);
    });
    return undo;
  }

  off<Name extends string>(name: Name, listener: Listener<Events, Name>): void {
    const listeners = this.#listeners.get(name);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#listeners.delete(name);
  }

  /** Emits, and waits for listeners that take their time. Nothing happens while the reactor is stopped. */
  async emit<Name extends string>(name: Name, data: DataOf<Events, Name>): Promise<void> {
    await this.#emit(name, data, 0);
  }

  /** Emits, and does not wait for listeners that take their time. */
  emitSync<Name extends string>(name: Name, data: DataOf<Events, Name>): void {
    void this.#emit(name, data, 0); // depth 0 is never refused, and what `record` throws is thrown here
  }

  /** Shows events that are recorded already to the clients, then to the listeners. @returns once all of those are done */
  deliver(events: readonly Carried[], depth = 0): Promise<void> {
    if (!this.isRunning) return Promise.resolve();
    this.#try("ws_broadcast", () => this.#ports.wsBroadcast(events));
    return this.tellListeners(events, depth);
  }

  /** Shows events to the listeners alone. @returns once all of them are done */
  tellListeners(events: readonly Carried[], depth = 0): Promise<void> {
    const pending: Promise<unknown>[] = [];
    for (const { type, event } of events) {
      this.#emitted.set(type, (this.#emitted.get(type) ?? 0) + 1);
      for (const listener of this.#listenersOf(type)) {
        // Each has a copy of its own, so that none sees what another made of it.
        const parsed = JSON.parse(event) as ReactorEvent;
        const heard: Heard<Events> = { event: parsed, emit: (name, data) => this.#emit(name, data, depth + 1) };
        const outcome = this.#try(type, () => listener(parsed.data as never, heard));
        if (outcome instanceof Promise) {
          const settled = outcome.catch((error) => this.#ports.report(type, error));
          this.#ports.keepAwake(settled);
          pending.push(settled);
        }
      }
    }
    return Promise.all(pending).then(() => {});
  }

  getMetrics(): Metrics {
    const event_breakdown = Object.fromEntries(this.#emitted);
    const listeners_breakdown = Object.fromEntries([...this.#listeners].map(([name, { size }]) => [name, size]));
    const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
    return {
      events_emitted: sum(event_breakdown),
      event_types: this.#emitted.size,
      listeners_count: sum(listeners_breakdown),
      event_breakdown,
      listeners_breakdown,
    };
  }

  getHealth(): Health {
    const { listeners_count, events_emitted } = this.getMetrics();
    const uptime = this.#startedMs === null ? 0 : (this.#ports.now().ms - this.#startedMs) / 1000;
    return { status: this.isRunning ? "healthy" : "stopped", listeners: listeners_count, events_emitted, uptime };
  }

  #emit(name: string, data: unknown, depth: number): Promise<void> {
    if (!this.isRunning) return Promise.resolve();
    if (depth > MAX_DEPTH) {
      return Promise.reject(new Error(`"${name}" would be emitted ${depth} deep; listeners may go ${MAX_DEPTH}.`));
    }
    return this.deliver([this.#ports.record(name, data)], depth);
  }

  #listenersOf(type: string): AnyListener<Events>[] {
    return [...(this.#listeners.get(type) ?? []), ...(this.#listeners.get("*") ?? [])];
  }

  #try<T>(what: string, act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      this.#ports.report(what, error);
      return undefined;
    }
  }
}
