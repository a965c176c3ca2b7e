// A list that grows and shrinks at both ends in constant time: events come at one end, older pages at the other.

export class Deque<T> {
  length = 0;
  /** A ring, whose size is a power of two. */
  #items: (T | undefined)[] = new Array(16);
  #start = 0;

  /** @param index from the first item, 0 @returns `undefined` beyond either end */
  at(index: number): T | undefined {
    return index >= 0 && index < this.length ? this.#items[this.#place(index)] : undefined;
  }

  /** Replaces the item at `index`, which MUST be there. */
  set(index: number, item: T): void {
    this.#items[this.#place(index)] = item;
  }

  push(item: T): void {
    this.#grow();
    this.#items[this.#place(this.length++)] = item;
  }

  unshift(item: T): void {
    this.#grow();
    this.#start = this.#place(-1);
    this.#items[this.#start] = item;
    this.length++;
  }

  pop(): T | undefined {
    if (this.length === 0) return undefined;
    return this.#take(this.#place(--this.length));
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const place = this.#start;
    this.#start = this.#place(1);
    this.length--;
    return this.#take(place);
  }

  *[Symbol.iterator](): Generator<T> {
    for (let index = 0; index < this.length; index++) yield this.#items[this.#place(index)] as T;
  }

  #place(index: number): number {
    return (this.#start + index) & (this.#items.length - 1);
  }

  /** So that nothing is kept in memory that is not in the list. */
  #take(place: number): T | undefined {
    const item = this.#items[place];
    this.#items[place] = undefined;
    return item;
  }

  #grow(): void {
    if (this.length < this.#items.length) return;
    const items = [...this];
    items.length *= 2;
    this.#items = items;
    this.#start = 0;
  }
}
