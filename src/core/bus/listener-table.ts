// Listeners by event name, in the order in which they were added.

export class ListenerTable<L> {
  readonly #byName = new Map<string, Set<L>>();

  /** Adds a listener; the same one is there once per name. */
  add(name: string, listener: L): void {
    const listeners = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, listeners.add(listener));
  }

  remove(name: string, listener: L): void {
    const listeners = this.#byName.get(name);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#byName.delete(name);
  }

  /** The listeners of an event: those of its name, then those of `*`. A snapshot: later changes do not affect it. */
  of(name: string): readonly L[] {
    return [...(this.#byName.get(name) ?? []), ...(this.#byName.get("*") ?? [])];
  }

  /** Of all names. */
  get size(): number {
    return [...this.#byName.values()].reduce((total, { size }) => total + size, 0);
  }

  counts(): Record<string, number> {
    return Object.fromEntries([...this.#byName].map(([name, { size }]) => [name, size]));
  }
}
