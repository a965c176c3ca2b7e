// Groups by how far back their sentSeq is, so that those that have heard nothing for long are found without asking all.

/** Groups whose sentSeq differs by less than this may stand together: finer costs more moves, coarser more looks. */
const STEP = 100;

interface Sent {
  readonly sentSeq: number;
}

export class SentSeqs<G extends Sent> {
  /** By their sentSeq in whole steps. */
  readonly #groups = new Map<number, Set<G>>();

  /** The groups whose sentSeq is at most `seq`. */
  upTo(seq: number): G[] {
    const groups: G[] = [];
    for (const [step, those] of this.#groups) {
      if (step * STEP > seq) continue;
      for (const group of those) if (group.sentSeq <= seq) groups.push(group);
    }
    return groups;
  }

  add(group: G): void {
    const step = stepOf(group);
    const those = this.#groups.get(step);
    if (those) those.add(group);
    else this.#groups.set(step, new Set([group]));
  }

  remove(group: G): void {
    const step = stepOf(group);
    const those = this.#groups.get(step);
    those?.delete(group);
    if (those?.size === 0) this.#groups.delete(step);
  }
}

function stepOf({ sentSeq }: Sent): number {
  return Math.floor(sentSeq / STEP);
}
