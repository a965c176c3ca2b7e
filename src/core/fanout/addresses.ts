// Counts the sockets of each client address.

/** How many sockets each address has. By socket, so that however one comes to its end, it is counted out exactly once. */
export class Addresses<S> {
  readonly #addresses = new Map<S, string>();
  readonly #counts = new Map<string, number>();

  countOf(address: string): number {
    return this.#counts.get(address) ?? 0;
  }

  /** @param address `null` is not counted */
  add(socket: S, address: string | null): void {
    this.remove(socket);
    if (address === null) return;
    this.#addresses.set(socket, address);
    this.#counts.set(address, this.countOf(address) + 1);
  }

  remove(socket: S): void {
    const address = this.#addresses.get(socket);
    if (address === undefined) return;
    this.#addresses.delete(socket);
    const count = this.countOf(address) - 1;
    if (count > 0) this.#counts.set(address, count);
    else this.#counts.delete(address);
  }
}
