// What a map of events, such as `{ news_processed: { title: string } }`, says of patterns and of what they bring.
import type { Json, ReactorEvent } from "../wire/event.ts";

/**
 * Where no map is given: any type, and any JSON.
 *
 * @example
 * ```ts
 * import { type AnyEvents, connect, type Reactor } from "pulse-reactor/client";
 *
 * const reactor: Reactor<AnyEvents> = connect("https://events.example.org");
 * reactor.on("news_processed", (event) => console.log(event.data)); // → {"title":"Hello"}
 * ```
 */
export type AnyEvents = { readonly [type: string]: Json };

/**
 * The types that may be emitted, by a map of events.
 *
 * @example
 * ```ts
 * import { connect, type EventType } from "pulse-reactor/client";
 *
 * interface Events {
 *   news_processed: { title: string };
 *   digest_created: { items: number };
 * }
 * const reactor = connect<Events>("https://events.example.org");
 * const types: EventType<Events>[] = ["news_processed", "digest_created"];
 * for (const type of types) reactor.on(type, (event) => console.log(event.type)); // → news_processed
 * ```
 */
export type EventType<Events> = keyof Events & string;

/**
 * What `Reactor.on` takes, by a map of events: its types, and every pattern that holds a `*`.
 *
 * @example
 * ```ts
 * import { connect, type Pattern } from "pulse-reactor/client";
 *
 * interface Events {
 *   news_processed: { title: string };
 * }
 * const reactor = connect<Events>("https://events.example.org");
 * const patterns: Pattern<Events>[] = ["news_processed", "news_*"]; // "news_procesed" does not compile
 * for (const pattern of patterns) reactor.on(pattern, () => console.log(pattern)); // → news_processed → news_*
 * ```
 */
export type Pattern<Events> = string extends keyof Events ? string : EventType<Events> | `${string}*${string}`;

/** The types that a pattern matches. */
type Like<P extends string> = P extends `${infer Head}*${infer Tail}` ? `${Head}${string}${Like<Tail>}` : P;

type Named<Events, Type> = { [K in Type & EventType<Events>]: ReactorEvent<K, Events[K]> }[Type & EventType<Events>];

/**
 * The events that a pattern brings, by a map of events: a union, which `event.type` tells apart. A pattern that matches no type of the
 * map brings events of any.
 *
 * @example
 * ```ts
 * import { connect, type EventOf } from "pulse-reactor/client";
 *
 * interface Events {
 *   news_processed: { title: string };
 *   digest_created: { items: number };
 * }
 * const describe = (event: EventOf<Events, "*">) =>
 *   event.type === "news_processed" ? event.data.title : `${event.data.items} items`;
 *
 * connect<Events>("https://events.example.org").on("*", (event) => console.log(describe(event))); // → Hello
 * ```
 */
export type EventOf<Events, P extends string> = string extends keyof Events
  ? ReactorEvent
  : [Extract<EventType<Events>, Like<P>>] extends [never]
    ? ReactorEvent
    : Named<Events, Extract<EventType<Events>, Like<P>>>;
