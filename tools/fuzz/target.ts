// Something that strangers reach, and what must hold of it, whatever they send.
import type fc from "fast-check";

export interface Target {
  readonly name: string;
  /** Of a hundred inputs, how many come here. */
  readonly share: number;
  /** How many inputs the property takes at once; 1 unless given. */
  readonly inputsARun?: number;
  /** Fails by throwing. */
  readonly property: fc.IRawProperty<unknown>;
}

/** @throws an Error that says `what` must hold */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
