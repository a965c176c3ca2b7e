// The visit that a component belongs to: two channels may be side by side.
import { createContext, use } from "react";
import type { Visit } from "./visit.ts";

export const VisitContext = createContext<Visit | null>(null);

/** @throws Error outside of a `VisitContext` */
export function useVisit(): Visit {
  const visit = use(VisitContext);
  if (!visit) throw new Error("This component needs a VisitContext around it.");
  return visit;
}
