// What the hub said last, for the components of one channel.
import { createContext, use } from "react";
import { useSnapshot } from "../../react/snapshot.ts";
import { useVisit } from "../visit/visit-context.ts";
import { type Status, statusOf } from "./channel-status.ts";
import type { Glance, StatsStore } from "./stats-store.ts";

export const StatsContext = createContext<StatsStore | null>(null);

/** @throws Error outside of a `StatsContext` */
export function useStats(): StatsStore {
  const stats = use(StatsContext);
  if (!stats) throw new Error("This component needs a StatsContext around it.");
  return stats;
}

export function useGlance(): Glance {
  return useSnapshot(useStats().glance);
}

export function useStatus(): Status {
  return statusOf(useSnapshot(useVisit().entry), useGlance().health);
}
