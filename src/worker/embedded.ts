// The package's entry `pulse-reactor/worker`: for a Worker of your own that has a hub in it, and for one that has a binding to this one.
import { emitByCall } from "./emit-by-call.ts";
import { refuseInvalidSettings } from "./http/invalid-settings.ts";
import { router } from "./router.ts";
import type { EmitOptions, EmitResult, EventInput } from "./rpc.ts";

export { type HubBus, type HubHeard, hubWith } from "../hub/hub-with.ts";
export { type EmitOptions, type EmitResult, type EventInput, ReactorApi, type RevocationInput } from "./rpc.ts";

/**
 * What a Worker with a hub in it has to bind, and the variables that it may set: those of README, by their names.
 *
 * @example
 * ```ts
 * import { emit, hubWith, type ReactorEnv } from "pulse-reactor/worker";
 *
 * interface Env extends ReactorEnv {
 *   readonly GREETING?: string;
 * }
 *
 * export class Hub extends hubWith() {}
 *
 * export default {
 *   async fetch(_request, env) {
 *     const emitted = await emit(env, { type: "greeted", data: env.GREETING ?? "Hello" });
 *     console.log(emitted.ok); // → true
 *     return new Response();
 *   },
 * } satisfies ExportedHandler<Env>;
 * ```
 */
export interface ReactorEnv {
  /** The namespace of the class that `hubWith` has made. */
  readonly HUB: Pick<DurableObjectNamespace, "getByName">;
  /** The key of backends that emit by HTTP; as a secret. Without it `POST /api/events` is answered 503. */
  readonly REACTOR_API_KEY?: string;
}

/**
 * What may be emitted, by a map of events: `type` is one of its names, and `data` what that brings. Without a map, any event.
 *
 * @example
 * ```ts
 * import { type EventInputOf, emit, hubWith, type ReactorEnv } from "pulse-reactor/worker";
 *
 * interface Events {
 *   order_paid: { order: number };
 * }
 * const paid = (order: number): EventInputOf<Events> => ({ type: "order_paid", data: { order }, id: `paid-${order}` });
 *
 * export class Hub extends hubWith<Events>() {}
 *
 * export default {
 *   async fetch(_request, env) {
 *     const emitted = await emit<Events>(env, [paid(42), paid(43)]);
 *     if (emitted.ok) console.log(emitted.value.events.map(({ id }) => id)); // → ["paid-42","paid-43"]
 *     return new Response();
 *   },
 * } satisfies ExportedHandler<ReactorEnv>;
 * ```
 */
export type EventInputOf<Events> = string extends keyof Events
  ? EventInput
  : {
      [Type in keyof Events & string]: EventInput & { readonly type: Type; readonly data: Events[Type] };
    }[keyof Events & string];

/**
 * Emits from the Worker that has the hub in it: as `ReactorApi.emit` for other Workers, and as a POST, without a key.
 *
 * @typeParam Events what the types of events bring as `data`; default: anything
 * @param env of the Worker
 * @param events one event, or 1 to 1,000 of them with at most 4 MiB together, which are taken whole or not at all
 * @param options the channel; default: `main`
 * @returns the receipt, or why nothing was stored, as `ReactorApi.emit`
 * @throws an Error while a variable of the hub is invalid, or if `HUB` is not bound
 * @example
 * ```ts
 * import { emit, hubWith, type ReactorEnv } from "pulse-reactor/worker";
 *
 * interface Events {
 *   order_paid: { order: number };
 * }
 *
 * export class Hub extends hubWith<Events>() {}
 *
 * export default {
 *   async fetch(_request, env) {
 *     const emitted = await emit<Events>(env, { type: "order_paid", data: { order: 42 } });
 *     if (!emitted.ok) return new Response(emitted.problem.detail, { status: 502 });
 *     console.log(`The event is in the log at ${emitted.value.cursor}.`); // → The event is in the log at ….1.
 *     return new Response();
 *   },
 * } satisfies ExportedHandler<ReactorEnv>;
 * ```
 */
export async function emit<Events extends object = Record<string, unknown>>(
  env: ReactorEnv,
  events: EventInputOf<NoInfer<Events>> | readonly EventInputOf<NoInfer<Events>>[],
  options: EmitOptions = {},
): Promise<EmitResult> {
  return await emitByCall(checkedEnv(env), events, options);
}

/** `/ws/stream`, `/ws/status`, `/ws/stats`, `/ws/health`; `/api/events` and below; `/api/revocations`, `/api/connections`. */
const OURS = /^\/(?:ws\/.|api\/(?:events|revocations|connections)(?:\/|$))/;

/**
 * Answers what is the hub's: `/ws/…`, `/api/events`, `/api/revocations` and `/api/connections`, as README has them. All other paths are your own.
 *
 * @param request as your `fetch` has got it @param env of the Worker @param ctx of the request
 * @returns the answer; `undefined` for a path that is not the hub's
 * @throws a TypeError if `HUB` is not bound
 * @example
 * ```ts
 * import { hubWith, type ReactorEnv, route } from "pulse-reactor/worker";
 *
 * export class Hub extends hubWith() {}
 *
 * export default {
 *   async fetch(request, env, ctx) {
 *     const status = await route(new Request(new URL("/ws/status", request.url)), env, ctx);
 *     console.log(status?.status); // → 200
 *     console.log(await route(request, env, ctx)); // → undefined
 *     return new Response("A page of your own.");
 *   },
 * } satisfies ExportedHandler<ReactorEnv>;
 * ```
 */
export async function route(request: Request, env: ReactorEnv, ctx: ExecutionContext): Promise<Response | undefined> {
  if (!OURS.test(new URL(request.url).pathname)) return undefined;
  const checked = checkedEnv(env);
  return refuseInvalidSettings(request, checked) ?? (await router.fetch(request, checked, ctx));
}

function checkedEnv(env: ReactorEnv): Cloudflare.Env {
  if (!env?.HUB) {
    throw new TypeError(
      "`env.HUB` is not bound: wrangler.toml needs a Durable Object binding HUB, to the class of `hubWith`.",
    );
  }
  return env as Cloudflare.Env;
}
