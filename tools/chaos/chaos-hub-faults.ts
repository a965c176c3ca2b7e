// The faults of the hub itself, and of what it stands on: each resolves when it is over.
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "./chaos-plan.ts";
import type { ChaosServer } from "./chaos-server.ts";
import type { Subscriber } from "./chaos-subscriber.ts";

interface Hub {
  readonly server: ChaosServer;
  readonly subscribers: readonly Subscriber[];
}

type Of<K extends Fault["kind"]> = Extract<Fault, { readonly kind: K }>;

export async function kill({ server, subscribers }: Hub): Promise<void> {
  for (const subscriber of subscribers) subscriber.hit("kill", true);
  await server.killAndRestart();
}

export async function abort({ server, subscribers }: Hub): Promise<void> {
  for (const subscriber of subscribers) subscriber.hit("abort", true);
  await server.abort();
}

/** Aborts one after the other, while publishers retry and subscribers reconnect. */
export async function storm({ aborts, lengthMs }: Of<"reset storm">, hub: Hub, stop: AbortSignal): Promise<void> {
  const began = performance.now();
  for (let n = 0; n < aborts && !stop.aborted; n++) {
    await abort(hub);
    await lasts(began + (lengthMs * (n + 1)) / aborts - performance.now(), stop);
  }
}

export async function stepClock({ stepMs }: Of<"clock">, { server, subscribers }: Hub): Promise<void> {
  for (const { recoveries } of subscribers) recoveries.note("clock");
  await server.stepClock(stepMs);
}

export async function fillDisk(
  { leftBytes, lengthMs }: Of<"full disk">,
  { server, subscribers }: Hub,
  stop: AbortSignal,
): Promise<void> {
  for (const { recoveries } of subscribers) recoveries.note("full disk");
  server.fillDisk(leftBytes);
  await lasts(lengthMs, stop);
  server.fillDisk(null);
  for (const subscriber of subscribers) subscriber.hit("end of full disk", false);
}

async function lasts(ms: number, stop: AbortSignal): Promise<void> {
  await sleep(Math.max(0, ms), undefined, { signal: stop }).catch(() => {});
}
