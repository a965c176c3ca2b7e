// What a hub keeps beside its log, in memory.
import type { ValueStore } from "../core/access/revocations.ts";

export class TestValues implements ValueStore {
  readonly #values = new Map<string, string>();

  *values(prefix: string): Iterable<readonly [key: string, value: string]> {
    for (const key of [...this.#values.keys()].sort()) {
      if (key.startsWith(prefix)) yield [key, this.#values.get(key) ?? ""];
    }
  }

  setValue(key: string, value: string): void {
    this.#values.set(key, value);
  }

  deleteValue(key: string): void {
    this.#values.delete(key);
  }
}
