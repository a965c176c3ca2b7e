// Groups by how far back their sentSeq is, so that those that have heard nothing for long are found without asking all.
import type { Socket } from "./socket.ts";
import type { Group } from "./subscriber-groups.ts";

/** Groups whose sentSeq differs by less than this may stand together: finer costs more moves, coarser more looks. */
const STEP = 100;

export class SentSeqs<S extends Socket> {
  /** By their sentSeq in whole steps. */
  readonly #groups = new Map<number, Set<Group<S>>>();

  /** The groups whose sentSeq is at most `seq`. */
  upTo(seq: number): Group<S>[] {
    const groups: Group<S>[] = [];
    for (const [step, those] of this.#groups) {
      if (step * STEP > seq) continue;
      for (const group of those) if (group.sentSeq <= seq) groups.push(group);
    }
    return groups;
  }

  add(group: Group<S>): void {
    const step = stepOf(group);
    const those = this.#groups.get(step);
    if (those) those.add(group);
    else this.#groups.set(step, new Set([group]));
  }

  remove(group: Group<S>): void {
    const step = stepOf(group);
    const those = this.#groups.get(step);
    those?.delete(group);
    if (those?.size === 0) this.#groups.delete(step);
  }
}

function stepOf<S extends Socket>({ sentSeq }: Group<S>): number {
  return Math.floor(sentSeq / STEP);
}
