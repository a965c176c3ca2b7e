// The visit that a component belongs to: two channels may be side by side.
import { createContext, use } from "react";
import { useSnapshot } from "../../react/snapshot.ts";
import type { Visit } from "./visit.ts";

export const VisitContext = createContext<Visit | null>(null);

/** @throws Error outside of a `VisitContext` */
export function useVisit(): Visit {
  const visit = use(VisitContext);
  if (!visit) throw new Error("This component needs a VisitContext around it.");
  return visit;
}

/** The key or token that operators' requests are made with; `null`: none is known. */
export function useOperatorKey(): string | null {
  const visit = useVisit();
  const ownKey = useSnapshot(visit.ownKey);
  const { credential } = useSnapshot(visit.entry);
  return ownKey ?? credential;
}
