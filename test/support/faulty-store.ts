import { StoreInMemory } from "./store-in-memory.ts";

/** Storage that fails before it writes the n-th row from now: of a batch of several rows it has written some. */
export class FaultyStore extends StoreInMemory {
  /** How many rows it writes before it fails once. `null`: it does not fail. */
  failsIn: number | null = null;

  override insert(...args: Parameters<StoreInMemory["insert"]>): void {
    this.#write();
    super.insert(...args);
  }

  override extend(...args: Parameters<StoreInMemory["extend"]>): void {
    this.#write();
    super.extend(...args);
  }

  #write(): void {
    if (this.failsIn === null) return;
    if (this.failsIn-- > 0) return;
    this.failsIn = null;
    throw new Error("The disk is full.");
  }
}
