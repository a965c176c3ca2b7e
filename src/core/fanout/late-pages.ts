// Pages that were on their way when a later one reached the head. Their acks come when the socket is live and pull nothing,
// but the hub has asked for them: they must not count as messages. Kept in memory alone; after a wake they count.
import type { CatchUp } from "./catch-up.ts";

export class LatePages<S extends object> {
  readonly #seqs = new WeakMap<S, readonly number[]>();

  /** A socket has become live. @param unacked the pages that it has not acknowledged */
  note(socket: S, unacked: CatchUp["unacked"]): void {
    const seqs = unacked.map(([seq]) => seq);
    this.#seqs.set(socket, seqs);
  }

  /** @returns whether an ack up to `seq` acknowledges one of them */
  acknowledge(socket: S, seq: number): boolean {
    const seqs = this.#seqs.get(socket) ?? [];
    const left = seqs.filter((each) => each > seq);
    this.#seqs.set(socket, left);
    return left.length < seqs.length;
  }
}
