// The types that were seen on this page, for the field that names one.
import { Snapshot } from "../../react/snapshot.ts";
import type { Visit } from "../visit/visit.ts";

/** Publishers may make a type for each event. */
const MAX_TYPES = 100;

export class TypesStore {
  /** In the order in which they came. */
  readonly types = new Snapshot<readonly string[]>([]);
  readonly #seen = new Set<string>();

  constructor(visit: Visit) {
    visit.listen({ event: ({ type }) => this.#see(type) });
  }

  #see(type: string): void {
    if (this.#seen.has(type) || this.#seen.size === MAX_TYPES) return;
    this.#seen.add(type);
    this.types.update((types) => [...types, type]);
  }
}
