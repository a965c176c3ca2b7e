// One connection for all tabs of a browser, with an API that is the client's own.
import { type AnyEvents, type ConnectOptions, createReactor, type Reactor } from "../client/index.ts";
import { PromptTimers } from "./prompt-timers.ts";
import { Seat } from "./seat.ts";
import { browserTabsPorts, type TabsPorts } from "./tabs-ports.ts";
import type { WorkerLike } from "./worker-link.ts";

/**
 * Options of `connectTabs`: those of `connect`, and how the tabs share.
 *
 * @example
 * ```ts
 * import { connectTabs, type TabsOptions } from "pulse-reactor/tabs";
 *
 * const options: TabsOptions = { url: "https://events.example.org", events: ["news_*"], share: "news" };
 * connectTabs(options).on("news_*", (event) => console.log(event.data)); // → {"title":"Hello"}
 * ```
 */
export interface TabsOptions extends ConnectOptions {
  /**
   * Tabs with the same key share, whatever their tokens say: what the hub lets one of them hear, all of them hear. Default: tabs share if
   * their tokens have the same subject and rights (`sub`, `channels`, `events`, `emit`, `iss`, `aud`).
   */
  readonly share?: string | undefined;
  /**
   * Makes a SharedWorker of the file `pulse-reactor/tabs/worker.js`, which your app hosts: it goes on while tabs freeze or crash. Not
   * together with `open` or `WebSocket`. Default, and where the browser has no SharedWorker: one of the tabs holds the connection.
   */
  readonly worker?: (() => WorkerLike) | undefined;
}

/**
 * Like `connect`, for pages that are open in many tabs: the hub sees one socket for all tabs of a browser that have the same origin, `url`,
 * `channel` and rights. Each tab has its own listeners, patterns and cursor, and gets what it asks for; should the tab that holds the
 * socket be closed, crash or freeze, another one takes over, and none misses an event or gets one twice.
 *
 * Where the browser lacks Web Locks or BroadcastChannel (as in pages of `http:` that are not local), each tab connects by itself.
 *
 * @typeParam Events as of `connect`
 * @param target as of `connect`, and how to share
 * @param ports as of `connect`, and locks and channels, which tests replace
 * @returns the tab's connection
 * @throws TypeError if an option is invalid
 * @example
 * ```ts
 * import { connectTabs } from "pulse-reactor/tabs";
 *
 * const reactor = connectTabs("https://events.example.org");
 * reactor.on("news_*", (event) => console.log(event.type)); // → news_processed
 * reactor.onState((state) => console.log(state)); // → connected
 * ```
 */
export function connectTabs<Events extends object = AnyEvents>(
  target: string | TabsOptions = {},
  ports: TabsPorts = browserTabsPorts,
): Reactor<Events> {
  const { share, worker, ...options } = typeof target === "object" && target !== null ? target : { url: target };
  createReactor(options, ports); // throws what `connect` would
  if (share !== undefined && typeof share !== "string") throw new TypeError("`share` must be a text.");
  if (worker !== undefined && typeof worker !== "function") {
    throw new TypeError("`worker` must be a function that makes a SharedWorker.");
  }
  if (worker && (options.open || options.WebSocket)) {
    throw new TypeError("`worker` must be without `open` and `WebSocket`: a worker has its own.");
  }
  const { open, WebSocket, ...own } = options;
  const timers = new PromptTimers(ports);
  const seat = new Seat({ share, open, WebSocket }, ports.hasWorkers ? worker : undefined, ports, timers);
  const reactor = createReactor<Events>({ ...own, open: seat.open }, { ...ports, after: timers.after });
  reactor.onState((state) => state === "closed" && seat.leave());
  reactor.open();
  return reactor;
}
