// Counts the sockets of each client address.

/** The sockets of each address. By socket, so that however one comes to its end, it is counted out exactly once. */
export class Addresses<S> {
  readonly #addresses = new Map<S, string>();
  readonly #sockets = new Map<string, Set<S>>();

  countOf(address: string): number {
    return this.#sockets.get(address)?.size ?? 0;
  }

  /** Those of an address, in the order in which they came. */
  socketsOf(address: string): ReadonlySet<S> {
    return this.#sockets.get(address) ?? new Set();
  }

  /** @param address `null` is not counted */
  add(socket: S, address: string | null): void {
    this.remove(socket);
    if (address === null) return;
    this.#addresses.set(socket, address);
    const sockets = this.#sockets.get(address) ?? new Set();
    this.#sockets.set(address, sockets.add(socket));
  }

  remove(socket: S): void {
    const address = this.#addresses.get(socket);
    if (address === undefined) return;
    this.#addresses.delete(socket);
    const sockets = this.#sockets.get(address);
    sockets?.delete(socket);
    if (sockets?.size === 0) this.#sockets.delete(address);
  }
}
