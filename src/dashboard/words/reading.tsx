// A figure and its name, in a list of those.
import type { ReactNode } from "react";

/** Shown for an unknown value. */
export const NONE = "–";

export function Reading({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
