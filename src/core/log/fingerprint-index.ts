// Which events may have a key: their seqs by fingerprint, in 16 bytes a slot. JavaScript's own Map takes about 60.

/** So many entries are kept in memory at most: 32 MiB of the 128 MB that a hub has. */
const MAX_INDEXED = 1_000_000;

/** Slots are a power of two; more than so many in use make searching slow. */
const MAX_LOAD = 0.7;
const FIRST_SLOTS = 1_024;

export class FingerprintIndex {
  readonly #max: number;
  /** 0: the slot is free. Equal fingerprints have a slot each, in one run of slots. */
  #fingerprints = new Float64Array(FIRST_SLOTS);
  #seqs = new Float64Array(FIRST_SLOTS);
  #size = 0;
  #from = 0;

  constructor(max = MAX_INDEXED) {
    this.#max = max;
  }

  /** Events with a smaller seq are not in the index: there were too many. */
  get from(): number {
    return this.#from;
  }

  get size(): number {
    return this.#size;
  }

  /** Of what it has allocated. */
  get bytes(): number {
    return this.#fingerprints.byteLength + this.#seqs.byteLength;
  }

  /** @param oldest is called where room is needed, and returns the seq below which entries may be dropped */
  add(fingerprint: number, seq: number, oldest: () => number): void {
    if (seq < this.#from) return;
    if (this.#size + 1 > MAX_LOAD * this.#fingerprints.length || this.#size >= this.#max) this.#makeRoom(oldest());
    if (seq >= this.#from) this.#put(fingerprint, seq);
  }

  /** The seqs of events whose fingerprint it is, the newest first. */
  seqsOf(fingerprint: number): readonly number[] {
    const mask = this.#fingerprints.length - 1;
    const seqs: number[] = [];
    // The low 32 bits are as random as the others, and need no division of doubles.
    for (let slot = (fingerprint >>> 0) & mask; this.#fingerprints[slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#fingerprints[slot] === fingerprint) seqs.push(this.#seqs[slot] ?? 0);
    }
    return seqs.sort((a, b) => b - a);
  }

  #put(fingerprint: number, seq: number): void {
    const mask = this.#fingerprints.length - 1;
    let slot = (fingerprint >>> 0) & mask;
    while (this.#fingerprints[slot] !== 0) slot = (slot + 1) & mask;
    this.#fingerprints[slot] = fingerprint;
    this.#seqs[slot] = seq;
    this.#size += 1;
  }

  /** Drops what is deleted, then the older half if it is still too much; grows where that leaves it full. */
  #makeRoom(oldest: number): void {
    const [fingerprints, seqs] = [this.#fingerprints, this.#seqs];
    let least = oldest;
    let size = 0;
    for (let slot = 0; slot < seqs.length; slot++) {
      if (fingerprints[slot] !== 0 && (seqs[slot] ?? 0) >= oldest) size += 1;
    }
    if (size >= this.#max) {
      const kept = seqs.filter((seq, slot) => fingerprints[slot] !== 0 && seq >= oldest).sort();
      least = kept[size >> 1] ?? oldest;
      size -= size >> 1;
      this.#from = Math.max(this.#from, least);
    }
    let slots = FIRST_SLOTS;
    while (size + 1 > (MAX_LOAD / 1.4) * slots) slots *= 2; // room for a while: this takes as long as there are entries
    this.#fingerprints = new Float64Array(slots);
    this.#seqs = new Float64Array(slots);
    this.#size = 0;
    for (let slot = 0; slot < fingerprints.length; slot++) {
      const [fingerprint, seq] = [fingerprints[slot] ?? 0, seqs[slot] ?? 0];
      if (fingerprint !== 0 && seq >= least) this.#put(fingerprint, seq);
    }
  }
}
