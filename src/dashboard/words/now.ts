// The present, for what is shown relative to it: it changes each second while a component reads it and the page is shown.
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let nowMs = Date.now();
let interval: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  nowMs = Date.now();
  for (const call of [...listeners]) call();
}

/** A hidden page counts no seconds. */
function follow(): void {
  clearInterval(interval);
  interval = undefined;
  if (listeners.size === 0 || document.hidden) return;
  interval = setInterval(tick, 1_000);
  tick();
}

function subscribe(onTick: () => void): () => void {
  if (listeners.size === 0) document.addEventListener("visibilitychange", follow);
  listeners.add(onTick);
  if (interval === undefined) follow();
  return () => {
    listeners.delete(onTick);
    if (listeners.size > 0) return;
    document.removeEventListener("visibilitychange", follow);
    follow();
  };
}

/** @returns Unix time in ms, at most a second old while the page is shown */
export function useNow(): number {
  return useSyncExternalStore(
    subscribe,
    () => nowMs,
    () => nowMs,
  );
}
