// Where a tab's sockets lead: to a worker, to the tab that holds the connection, or to the hub itself where a browser has neither.
import type { ClientSocket } from "../client/index.ts";
import type { Upstream } from "./connection-holder.ts";
import { groupKey, tokenIn } from "./group-key.ts";
import type { PromptTimers } from "./prompt-timers.ts";
import { TabGroup } from "./tab-group.ts";
import type { TabsPorts } from "./tabs-ports.ts";
import { type WorkerLike, WorkerLink } from "./worker-link.ts";

export class Seat {
  readonly #upstream: Upstream;
  readonly #ports: TabsPorts;
  readonly #timers: PromptTimers;
  #worker: WorkerLink | undefined;
  #group: TabGroup | undefined;
  #areLocksBroken = false;
  #unfollow: (() => void) | undefined;

  constructor(upstream: Upstream, worker: (() => WorkerLike) | undefined, ports: TabsPorts, timers: PromptTimers) {
    this.#upstream = upstream;
    this.#ports = ports;
    this.#timers = timers;
    this.#worker =
      worker &&
      new WorkerLink(worker, ports, timers, () => {
        this.#worker = undefined;
      });
  }

  readonly open = (url: string, protocols: string[]): ClientSocket => {
    const { share } = this.#upstream;
    const key = groupKey(url, tokenIn(protocols), share);
    const stream = streamOf(url);
    this.#unfollow ??= this.#ports.page?.listen(() => {
      this.#worker?.sign();
      this.#group?.sign();
    });
    if (key !== undefined && this.#worker) {
      try {
        return this.#worker.open({ key, stream, share }, url, protocols);
      } catch {
        this.#worker = undefined; // not allowed here
      }
    }
    const { locks, channel } = this.#ports;
    if (key === undefined || !locks || !channel || this.#areLocksBroken) return this.#openAlone(url, protocols);
    const name = `pulse-reactor ${key}`;
    if (this.#group?.name !== name) {
      this.#group?.leave();
      const group: TabGroup = new TabGroup(
        name,
        stream,
        this.#upstream,
        { ...this.#ports, locks, channel },
        this.#timers,
        () => {
          this.#areLocksBroken = true;
          group.leave();
        },
      );
      this.#group = group;
    }
    return this.#group.open(url, protocols);
  };

  /** The tab wants no connection. */
  leave(): void {
    this.#unfollow?.();
    this.#unfollow = undefined;
    this.#group?.leave();
    this.#group = undefined;
  }

  #openAlone(url: string, protocols: string[]): ClientSocket {
    const { WebSocket, open = this.#ports.open } = this.#upstream;
    this.#group?.leave();
    this.#group = undefined;
    return WebSocket ? new WebSocket(url, protocols) : open(url, protocols);
  }
}

/** @returns the part of a socket's address that is the same for all tabs */
function streamOf(url: string): string {
  const [stream = "", query = ""] = url.split("?");
  const channel = new URLSearchParams(query).get("channel");
  return channel === null ? stream : `${stream}?channel=${encodeURIComponent(channel)}`;
}
