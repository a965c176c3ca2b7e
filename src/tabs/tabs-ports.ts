// What tabs need of the browser beside a connection's ports; tests have doubles of it.

import type { Ports } from "../client/connection/ports.ts";
import { runtimePorts } from "../client/connection/runtime-ports.ts";

export interface Channel {
  post(message: unknown): void;
  close(): void;
}

/** The part of the browser's `LockManager` that is used. */
export interface Locks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly steal?: boolean },
    hold: () => Promise<void>,
  ): Promise<unknown>;
}

export interface TabsPorts extends Ports {
  /** Unix time in ms, by a clock that cannot be set. */
  now(): number;
  /** `undefined`: this browser has none, and each tab connects by itself. */
  readonly locks: Locks | undefined;
  /** Every other channel of that name, in this tab too, hears what is posted here. */
  channel: ((name: string, onMessage: (message: unknown) => void) => Channel) | undefined;
  /** Whether there are SharedWorkers. */
  readonly hasWorkers: boolean;
  fetch(url: string, init: { readonly headers: Record<string, string> }): Promise<Response>;
}

export const browserTabsPorts: TabsPorts = {
  ...runtimePorts,
  now: () => performance.timeOrigin + performance.now(),
  get locks() {
    return globalThis.navigator?.locks as unknown as Locks | undefined;
  },
  get channel() {
    return typeof BroadcastChannel === "undefined" ? undefined : openChannel;
  },
  get hasWorkers() {
    return typeof SharedWorker !== "undefined";
  },
  fetch: (url, init) => fetch(url, init),
};

function openChannel(name: string, onMessage: (message: unknown) => void): Channel {
  const channel = new BroadcastChannel(name);
  channel.addEventListener("message", ({ data }) => onMessage(data));
  return { post: (message) => channel.postMessage(message), close: () => channel.close() };
}
