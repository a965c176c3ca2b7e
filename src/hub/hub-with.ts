// The hub of a Worker that is not this one: the same class, with the listeners of that Worker.
import type { DurableObject } from "cloudflare:workers";
import type { EventBus } from "../core/bus/event-bus.ts";
import type { ReactorEvents } from "../core/bus/event-names.ts";
import type { ReactorEvent } from "../wire/event.ts";
import { Hub } from "./hub.ts";

/** What a type of event brings, by a map of events; a type that the map lacks may bring anything. */
export type HubData<Events, Name> = Name extends keyof Events ? Events[Name] : unknown;

/**
 * What a listener inside of the hub is passed beside the data.
 *
 * @example
 * ```ts
 * import { emit, hubWith, type HubHeard, type ReactorEnv } from "pulse-reactor/worker";
 *
 * interface Events {
 *   order_paid: { order: number };
 *   mail_sent: { order: number };
 * }
 *
 * const sendMail = async ({ order }: { order: number }, { event, emit }: HubHeard<Events>) => {
 *   if (event.source === "shop") await emit("mail_sent", { order });
 * };
 *
 * export class Hub extends hubWith<Events>((bus) => bus.on("order_paid", sendMail)) {}
 *
 * export default {
 *   async fetch(_request, env) {
 *     const emitted = await emit<Events>(env, { type: "order_paid", data: { order: 42 }, source: "shop" });
 *     console.log(emitted.ok); // → true
 *     return new Response();
 *   },
 * } satisfies ExportedHandler<ReactorEnv>;
 * ```
 */
export interface HubHeard<Events> {
  /** The event, as clients receive it. */
  readonly event: ReactorEvent;
  /**
   * Emits an event behind the one that was heard; resolves once its own listeners are done. Rejects an invalid event, the ninth emit in a
   * row, and the 65th that one event from outside causes. A rejection was logged already, and may be ignored.
   */
  emit<Name extends string>(name: Name, data: HubData<Events, Name>): Promise<void>;
}

/**
 * Where listeners inside of a hub are added. They run after the event is in the log and on its way to the clients, at most once each. No
 * answer waits for them, and what they throw is logged. The hub stays awake for the promise that one returns, up to 30 s.
 *
 * @example
 * ```ts
 * import { emit, type HubBus, hubWith, type ReactorEnv } from "pulse-reactor/worker";
 *
 * interface Events {
 *   order_paid: { order: number };
 * }
 *
 * const addListeners = (bus: HubBus<Events>) => {
 *   bus.on("order_paid", ({ order }) => fetch(`https://example.org/mail?order=${order}`, { method: "POST" }));
 * };
 *
 * export class Hub extends hubWith(addListeners) {}
 *
 * export default {
 *   async fetch(_request, env) {
 *     const emitted = await emit<Events>(env, { type: "order_paid", data: { order: 42 } });
 *     console.log(emitted.ok); // → true
 *     return new Response();
 *   },
 * } satisfies ExportedHandler<ReactorEnv>;
 * ```
 */
export interface HubBus<Events> {
  /** Calls `listener` for each event of `name`, or of every name for `*`; other patterns are not taken. @returns a function that removes it */
  on<Name extends string>(
    name: Name,
    listener: (data: HubData<Events, Name>, heard: HubHeard<Events>) => unknown,
  ): () => void;
  /** As `on`, for the next one only. */
  once<Name extends string>(
    name: Name,
    listener: (data: HubData<Events, Name>, heard: HubHeard<Events>) => unknown,
  ): () => void;
}

/** The Durable Object of a channel. */
type HubClass = new (ctx: DurableObjectState, env: Cloudflare.Env) => DurableObject<Cloudflare.Env>;

/**
 * Makes the Durable Object class of a Worker of yours, with listeners of your own. Export a class that extends it, and bind that as `HUB`,
 * with a migration that names it in `new_sqlite_classes`.
 *
 * @typeParam Events what the types of events bring as `data`; nothing checks it
 * @param addListeners is called once whenever a hub is constructed, before anything is emitted; default: there are none
 * @returns the class
 * @example
 * ```ts
 * import { emit, hubWith, type ReactorEnv, route } from "pulse-reactor/worker";
 *
 * interface Events {
 *   order_paid: { order: number };
 *   mail_sent: { order: number };
 * }
 *
 * export class Hub extends hubWith<Events>((bus) => {
 *   bus.on("order_paid", ({ order }, { emit }) => emit("mail_sent", { order }));
 * }) {}
 *
 * export default {
 *   async fetch(request, env, ctx) {
 *     await emit<Events>(env, { type: "order_paid", data: { order: 42 } });
 *     const log = await route(new Request(new URL("/api/events", request.url)), env, ctx);
 *     const { events } = (await log?.json()) as { events: { type: string }[] };
 *     console.log(events[0]?.type); // → order_paid
 *     return new Response();
 *   },
 * } satisfies ExportedHandler<ReactorEnv>;
 * ```
 */
export function hubWith<Events extends object>(addListeners: (bus: HubBus<Events>) => unknown = () => {}): HubClass {
  return class extends Hub {
    // The map of types exists for the compiler alone.
    static override readonly addListeners = (bus: EventBus<ReactorEvents>) =>
      void addListeners(bus as unknown as HubBus<Events>);
  };
}
