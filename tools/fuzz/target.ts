// Code that reads untrusted input, and a property that must hold for any input.
import type fc from "fast-check";

export interface Target {
  readonly name: string;
  /** How many of a hundred inputs it gets. */
  readonly share: number;
  /** Inputs per run of the property; 1 by default. */
  readonly inputsPerRun?: number;
  /** Fails by throwing. */
  readonly property: fc.IRawProperty<unknown>;
}

/** @throws an Error with the message `what` */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
