// Who listens to what: by name, in the order in which they came.

export class ListenerTable<L> {
  readonly #byName = new Map<string, Set<L>>();

  /** The same one is there once for a name. */
  add(name: string, listener: L): void {
    const listeners = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, listeners.add(listener));
  }

  remove(name: string, listener: L): void {
    const listeners = this.#byName.get(name);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#byName.delete(name);
  }

  /** Who is called for an event: those of its name, then those of `*`. Who comes or goes meanwhile does not change it. */
  of(name: string): readonly L[] {
    return [...(this.#byName.get(name) ?? []), ...(this.#byName.get("*") ?? [])];
  }

  counts(): Record<string, number> {
    return Object.fromEntries([...this.#byName].map(([name, { size }]) => [name, size]));
  }
}
