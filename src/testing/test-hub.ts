// What a test sees of a hub in memory.
import type { ClientSocket, Ports } from "../client/connection/ports.ts";
import type { EmitReceipt } from "../client/outbox.ts";
import type { ReactorEvent } from "../wire/event.ts";

/**
 * What a client may do, as a token's claims say it at a hub.
 *
 * @example
 * ```ts
 * import { connect } from "pulse-reactor/client";
 * import { createTestHub, type TestRights } from "pulse-reactor/testing";
 *
 * const rights: Readonly<Record<string, TestRights>> = { "ada.token": { sub: "ada", emit: ["chat_*"] } };
 * const hub = createTestHub({ authenticate: (token) => rights[token ?? ""] ?? null });
 * const reactor = connect({ url: hub.url, token: "ada.token" }, hub.ports);
 * reactor.on("chat_message", ({ source }) => console.log(source)); // → user:ada
 * void reactor.emit("chat_message", { text: "Hello" });
 * await hub.advance(0);
 * ```
 */
export interface TestRights {
  /** The user: events of this client have the source `user:` and this. */
  readonly sub?: string | undefined;
  /** Patterns of the types that it may receive; default: all. */
  readonly events?: readonly string[] | undefined;
  /** Patterns of the types that it may emit; default: none. */
  readonly emit?: readonly string[] | undefined;
  /** When they end, as Unix time in ms; see `TestHub.nowMs`. Default: never. */
  readonly expiresMs?: number | undefined;
}

/**
 * How a hub in memory is set up. An option that does not exist, or whose value is invalid, is thrown as a TypeError that names it.
 *
 * @example
 * ```ts
 * import { createTestHub, type TestHubOptions } from "pulse-reactor/testing";
 *
 * const options: TestHubOptions = { keepEvents: 2, startMs: Date.UTC(2026, 0, 1) };
 * const hub = createTestHub(options);
 * for (const type of ["a", "b", "c"]) await hub.emit(type);
 * console.log(hub.events().map(({ type }) => type)); // → ["b","c"]
 * ```
 */
export interface TestHubOptions {
  /** Unix time in ms at the beginning; default: that of 2026-01-01T00:00:00Z. */
  readonly startMs?: number | undefined;
  /**
   * What a client may do; `null`: it is refused, as with an invalid token. Default: clients without a token hear everything and emit
   * nothing, and every token is refused, as at a hub without settings for tokens.
   *
   * @param token of the client; `null`: it has none
   */
  readonly authenticate?:
    | ((token: string | null, channel: string) => TestRights | null | Promise<TestRights | null>)
    | undefined;
  /** How many events a channel keeps, 1 to 100,000, which is the default. Clients that resume before them are told by a reset. */
  readonly keepEvents?: number | undefined;
  /** The interval of `reactor_heartbeat`, 1 to 86,400; 0, the default: none. */
  readonly heartbeatSeconds?: number | undefined;
}

/**
 * Options of `TestHub.emit`.
 *
 * @example
 * ```ts
 * import { createTestHub, type TestEmitOptions } from "pulse-reactor/testing";
 *
 * const hub = createTestHub();
 * const options: TestEmitOptions = { channel: "eu", source: "shop", id: "order-42-paid" };
 * await hub.emit("order_paid", { order: 42 }, options);
 * console.log((await hub.emit("order_paid", { order: 42 }, options)).duplicate); // → true
 * ```
 */
export interface TestEmitOptions {
  /** Default: `main`. */
  readonly channel?: string | undefined;
  /** The publisher; default: `system`. */
  readonly source?: string | undefined;
  /** As of a POST: an event with the same source and id is stored once. */
  readonly id?: string | undefined;
}

/**
 * A hub in memory, for tests of what is built on the client. It speaks the protocol by the code of the real one; what it has not got
 * are a network, a disk, and `data` in other forms than JSON. Its time stands still until `advance`.
 *
 * @example
 * ```ts
 * import { connect } from "pulse-reactor/client";
 * import { createTestHub } from "pulse-reactor/testing";
 *
 * const hub = createTestHub();
 * const reactor = connect({ url: hub.url }, hub.ports);
 * reactor.on("news_*", ({ seq, data }) => console.log(seq, JSON.stringify(data))); // → 1 {"title":"Hello"} → 2 {"title":"Meanwhile"}
 * reactor.onState((state) => console.log(state)); // → connected → reconnecting → connecting → connected
 *
 * await hub.advance(0); // what is due now
 * await hub.emit("news_processed", { title: "Hello" });
 * hub.dropConnections();
 * await hub.emit("news_processed", { title: "Meanwhile" });
 * await hub.advance(60_000); // a minute, at once: the client has tried again, and resumed
 * ```
 */
export interface TestHub {
  /** The address for `connect`: no network knows it. */
  readonly url: string;
  /** The API key for `fetch`. */
  readonly key: string;
  /** The time, as Unix time in ms. */
  readonly nowMs: number;
  /**
   * For `connect`'s second argument: a client with these has its sockets from this hub, and waits by its time. Its random numbers are all
   * 0.5, so that it tries again at the same times in each run.
   */
  readonly ports: Ports;
  /**
   * For the option `WebSocket`, where ports cannot be given, as in `ReactorProvider`: the client's timers are then those of the
   * platform, or of your test runner.
   *
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   * import { createTestHub } from "pulse-reactor/testing";
   *
   * const hub = createTestHub();
   * const reactor = connect({ url: hub.url, WebSocket: hub.WebSocket });
   * await hub.advance(0);
   * console.log(reactor.state); // → connected
   * reactor.close();
   * ```
   */
  readonly WebSocket: new (
    url: string,
    protocols: string[],
  ) => ClientSocket;
  /**
   * In place of the global `fetch` in code that emits or reads by HTTP: `POST /api/events` with JSON, and `GET /api/events` with
   * `channel`, `after`, `last`, `events` and `limit`. Anything else is answered by a problem that says so. It rejects while the hub is
   * stopped. The client's own `replay` reads by the global `fetch`: put this in its place, as by `vi.stubGlobal("fetch", hub.fetch)`.
   *
   * @example
   * ```ts
   * import { createTestHub } from "pulse-reactor/testing";
   *
   * const hub = createTestHub();
   * await hub.fetch(`${hub.url}/api/events`, {
   *   method: "POST",
   *   headers: { Authorization: `Bearer ${hub.key}`, "Content-Type": "application/json" },
   *   body: JSON.stringify({ type: "order_paid", data: { order: 42 } }),
   * });
   * console.log(hub.events().map(({ type }) => type)); // → ["order_paid"]
   * ```
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /**
   * Emits an event as a backend does with the key. @returns the receipt, once the event is in the log and clients have heard it
   *
   * @throws an Error with the `code` of a refusal, such as `reserved_type`, or if the hub is stopped
   */
  emit(type: string, data?: unknown, options?: TestEmitOptions): Promise<EmitReceipt>;
  /** The log of a channel, `main` by default, oldest event first. */
  events(channel?: string): readonly ReactorEvent[];
  /** How many sockets a channel has, `main` by default. */
  connections(channel?: string): number;
  /** Moves the time on: what is due meanwhile happens at its time, one after the other. `0`: what is due now. */
  advance(ms: number): Promise<void>;
  /** All sockets break, as when a network fails for a moment. */
  dropConnections(): void;
  /** The hub is gone with its sockets, and cannot be reached. Its log stays. */
  stop(): void;
  /** It can be reached again. */
  start(): void;
  /** `stop`, and `start` at once, as at a deploy. */
  restart(): void;
  /**
   * As `restart`, with logs that are empty and of another epoch, as after a backup was restored: clients that resume are told by a reset.
   *
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   * import { createTestHub } from "pulse-reactor/testing";
   *
   * const hub = createTestHub();
   * await hub.emit("a");
   * const reactor = connect({ url: hub.url, cursor: "0.0" }, hub.ports);
   * reactor.onReset(({ reason }) => console.log(reason)); // → epoch
   * await hub.advance(0);
   * hub.loseLogs();
   * await hub.advance(1_000);
   * ```
   */
  loseLogs(): void;
}
