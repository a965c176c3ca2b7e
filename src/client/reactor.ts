// The client's public object, as pages use it.
import type { ErrorData, Reset } from "../wire/server-frame.ts";
import type { ConnectionState } from "./connection/connection-events.ts";
import type { Close } from "./connection/ports.ts";
import type { AnyEvents, EventOf, EventType, Pattern } from "./event-map.ts";
import type { ListenOptions } from "./listener-set.ts";
import type { EmitOptions, EmitReceipt } from "./outbox.ts";

/**
 * A connection to one channel of a hub. It reconnects and resumes until it is closed. Listeners are called in the order in
 * which they were added, those of an event's type before those of patterns. What one of them throws, or a promise of it rejects with,
 * goes to the page's `error` event, and the others are still called. What is called with an argument of the wrong kind throws a
 * TypeError.
 *
 * @typeParam Events what the types of events bring as `data`
 */
export interface Reactor<Events extends object = AnyEvents> {
  /** The state now; `onState` reports its changes. */
  readonly state: ConnectionState;
  /**
   * Position in the channel's log, as `<epoch>.<seq>`, such as `k3x9.41`: all subscribed events up to here were delivered.
   * Store it, and pass it as the option `cursor` to resume there later. Before the first connection it is that option;
   * `undefined`: the head of the log, as `cursor: undefined` is.
   *
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * const cursor = localStorage.getItem("cursor") ?? "0.0"; // the first visit reads the log from its beginning
   * const reactor = connect({ url: "https://events.example.org", cursor });
   * reactor.on("news_processed", (event) => console.log(event.seq)); // → 1 → 2
   * addEventListener("pagehide", () => reactor.cursor && localStorage.setItem("cursor", reactor.cursor));
   * ```
   */
  readonly cursor: string | undefined;
  /**
   * Subscribed patterns, including a change that the hub has not confirmed yet; empty: all events. While nothing is wanted and nothing
   * is listened to, it is `reactor_heartbeat` alone.
   */
  readonly patterns: readonly string[];
  /** Reconnect attempts since it was last connected or opened; 0 while connected. */
  readonly attempts: number;
  /** URL of the event stream, such as `wss://events.example.org/ws/stream?channel=eu`, without cursor, patterns and token. */
  readonly url: string;
  /**
   * Calls `listener` once for each event that matches `pattern`, in order. Listening is subscribing: the hub is asked, once a turn, for
   * the patterns that are listened to, until they are no longer. Where `events` (option) or `subscribe` says what is wanted, `*` is all
   * of that, and other patterns are added to it. `*` brings nothing that the hub says of itself (`reactor_*`, `websocket_*`), unless a
   * pattern of `events` or `subscribe` names it.
   *
   * Numbers in `data` are those of JavaScript: integers beyond 2⁵³ are rounded, unless the option `parse` reads them.
   *
   * @param pattern an event type such as `news_processed`, in which `*` stands for any run of characters
   * @param listener may be a function that was added before: it is then called once more
   * @returns a function that unsubscribes
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * const reactor = connect({ url: "https://events.example.org", cursor: "0.0" });
   * reactor.on("news_*", (event) => console.log(event.seq, event.type)); // → 1 news_processed → 2 news_processed
   * const unsubscribe = reactor.on("news_processed", (event) => {
   *   unsubscribe(); // as `once` does
   *   console.log(event.data); // → {"title":"First"}
   * });
   * ```
   */
  on<P extends Pattern<Events>>(
    pattern: P,
    listener: (event: EventOf<Events, P>) => void,
    options?: ListenOptions,
  ): () => void;
  /**
   * Like `on`, for the next event alone.
   *
   * @returns a function that unsubscribes before that
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * const reactor = connect("https://events.example.org");
   * reactor.once("news_*", (event) => console.log(event.data)); // → {"title":"Hello"}
   * ```
   */
  once<P extends Pattern<Events>>(
    pattern: P,
    listener: (event: EventOf<Events, P>) => void,
    options?: ListenOptions,
  ): () => void;
  /**
   * Calls `listener` when `state` changes. Where a lost socket is the reason, `close` says how it ended: 4401 if the hub
   * requires another token, 4503 if the token or the page's origin is not allowed, 4429 if a limit was exceeded, 1006 if it broke.
   *
   * @returns a function that unsubscribes
   */
  onState(listener: (state: ConnectionState, close?: Close) => void, options?: ListenOptions): () => void;
  /**
   * Calls `listener` when the hub could not resume at the cursor: events may be missing, and what the page shows may be
   * out of date. The connection goes on from `reset.cursor`.
   *
   * @returns a function that unsubscribes
   */
  onReset(listener: (reset: Reset) => void, options?: ListenOptions): () => void;
  /**
   * Calls `listener` when the hub refuses something, such as a pattern, and once if the first connection does not open
   * (`connection_failed`: the message has the likely causes). Refusals of `emit` reject its promise instead.
   *
   * @returns a function that unsubscribes
   */
  onError(listener: (error: ErrorData) => void, options?: ListenOptions): () => void;
  /**
   * Says what is wanted, in place of the option `events`. No event is missed or duplicated around the change. It is sent at the end of
   * the turn, or as soon as the client is connected. If the hub refuses it (`onError`, `bad_pattern`), the previous one stays.
   *
   * @param patterns at most 64 event types in which `*` stands for any run of characters; empty: all events
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * const reactor = connect({ url: "https://events.example.org", events: ["digest_*"] });
   * reactor.on("*", (event) => console.log(event.type)); // → news_processed
   * reactor.subscribe(["digest_*", "news_*"]);
   * console.log(reactor.patterns); // → ["digest_*","news_*"]
   * ```
   */
  subscribe(patterns: readonly string[]): void;
  /**
   * Emits an event, which requires a token that allows its type. Waits until connected. If the connection is lost before
   * the hub has answered, the event is sent again with the same id, and is logged once. Its `source` is `user:` and the
   * token's `sub`.
   *
   * @param type 1 to 256 bytes without control characters, `,` or `*`, and without a space at either end; not `echo`,
   * `reactor_*` or `websocket_*`
   * @param data any JSON; default: `{}`
   * @returns the event's cursor and id, and `duplicate: true` if it was logged before
   * @throws (rejects with) an `EmitError` whose `code` is that of the hub's refusal (`forbidden`, `bad_event` …), or
   * - `bad_event`: `data` holds what JSON cannot say, such as a Map or NaN. A member that is `undefined` is left out, and a valid Date
   *   is its ISO text
   * - `event_too_large`: the frame exceeds 64 KiB
   * - `too_many_pending`: 1,000 events are waiting already. 16 are sent at once, and 4 per second after that
   * - `closed`: the connection is closed, or was closed first
   * - `unconfirmed`: it was sent, may be logged or not, and more than 9 minutes passed before it could be sent again
   *
   * A hub closes a socket that sends too much (default: 20 messages per second, a burst of 100) with 4429; the client
   * reconnects and sends what was not answered again.
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * const token = () => fetch("/my/token").then((reply) => reply.text());
   * const reactor = connect({ url: "https://events.example.org", events: ["chat_*"], token });
   * reactor.on("chat_message", (event) => console.log(event.source, event.data)); // → user:ada {"text":"Hello"}
   * const { cursor } = await reactor.emit("chat_message", { text: "Hello" });
   * console.log(`The event is in the log at ${cursor}.`); // → The event is in the log at ….
   * ```
   */
  emit<Type extends EventType<Events>>(
    type: Type,
    data?: string extends keyof Events ? unknown : Events[Type],
    options?: EmitOptions,
  ): Promise<EmitReceipt>;
  /**
   * Requests a fresh token and sends it on the same socket, for instance after the user's rights have changed. Does nothing
   * without a token function. For another user make a new connection: unanswered events of this one would be emitted in
   * their name.
   */
  refreshToken(): void;
  /**
   * Sends a message to the hub, which refuses unknown types (`onError`).
   *
   * @returns whether it was sent; `false` if not connected, or if it exceeds 64 KiB
   * @throws TypeError if `data` has no JSON form
   */
  send(type: string, data: unknown): boolean;
  /**
   * Measures the round trip to the hub.
   *
   * @returns its time in ms; `null` if not connected, or if the connection is lost first
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * const reactor = connect({ url: "https://events.example.org" });
   * reactor.onState(async (state) => {
   *   if (state === "connected") console.log(`${await reactor.ping()} ms`); // → … ms
   * });
   * ```
   */
  ping(): Promise<number | null>;
  /**
   * Connects at the end of this turn and resumes, if closed or waiting to reconnect.
   *
   * @throws TypeError if there is no `url` and no page whose origin could be it, or no WebSocket
   */
  open(): void;
  /** Closes the connection until `open`. Events that wait for an answer reject with `closed`. */
  close(): void;
}
