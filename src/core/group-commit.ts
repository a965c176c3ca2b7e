// Emits that arrive while a commit is in progress are committed together by the next one: a commit is a sync to disk, whatever
// it holds. Where none is in progress an emit is committed in its own turn.
import type { Draft } from "../wire/draft.ts";
import { err, type Result } from "../wire/problem.ts";
import type { Cause } from "./bus/cause.ts";
import { deferred } from "./deferred.ts";
import type { Receipt } from "./log/receipt.ts";

/** More make the first of them wait for the last: 91 to 98 in a commit took p99 to 290 ms and more (256 publishers, measured). */
export const GROUP_EVENTS = 64;
const GROUP_BYTES = 1024 * 1024;

/** What may wait behind a commit: twice the largest request, in a hub that has 128 MB for everything. */
export const MAX_QUEUED_BYTES = 8 * 1024 * 1024;

/** One emit: its events stay together, and are committed whole or not at all. */
export interface Batch {
  /** At least one. */
  readonly drafts: readonly Draft[];
  /** The emit of a listener that it comes of; `null`: it is from outside. */
  readonly cause: Cause | null;
}

export interface Committed {
  readonly receipt: Result<Receipt>;
  /** Is resolved once the listeners are done, and never rejected. */
  readonly heard: Promise<void>;
}

export interface GroupCommitPorts {
  /**
   * Is called after each commit. MUST be resolved once what was committed is durable and other turns, such as those of requests
   * that have arrived meanwhile, have had their chance.
   */
  durable(): Promise<void>;
  /** Memory MUST outlive the promise. */
  keepAwake(promise: Promise<unknown>): void;
}

interface Queued {
  readonly batch: Batch;
  readonly bytes: number;
  readonly settle: (committed: Committed) => void;
}

export class GroupCommit {
  readonly #commit: (batches: readonly Batch[]) => readonly Committed[];
  readonly #ports: GroupCommitPorts;
  #queue: Queued[] = [];
  #queuedBytes = 0;
  #queuedEvents = 0;
  /** Of what is committed and not durable yet. */
  #unsyncedBytes = 0;
  /** Of the commit that is in progress; 0: none is. */
  #inProgress = 0;
  #commits = 0;

  /** @param commit commits batches, in order. MUST NOT throw, and MUST return one result for each */
  constructor(commit: (batches: readonly Batch[]) => readonly Committed[], ports: GroupCommitPorts) {
    this.#commit = commit;
    this.#ports = ports;
  }

  /** @returns once the batch is committed, or refused: as `Broker.emit`, or `overloaded` */
  emit(batch: Batch): Promise<Committed> {
    const bytes = bytesOf(batch.drafts);
    if (this.#inProgress === 0) {
      const [committed] = this.#commitNow([batch], bytes);
      return Promise.resolve(committed as Committed);
    }
    if (this.#queuedBytes + bytes > MAX_QUEUED_BYTES) {
      const detail =
        "More events are waiting to be stored than this channel takes. Nothing was stored: try again in a second.";
      return Promise.resolve({ receipt: err("overloaded", detail), heard: Promise.resolve() });
    }
    const { promise, resolve } = deferred<Committed>();
    this.#queue.push({ batch, bytes, settle: resolve });
    this.#queuedBytes += bytes;
    this.#queuedEvents += batch.drafts.length;
    const isFull = this.#queuedEvents >= GROUP_EVENTS || this.#queuedBytes >= GROUP_BYTES;
    // A zero timer starves while requests come in (0.8 s, measured): a full group does not wait for it, while syncs keep up.
    if (isFull && this.#unsyncedBytes < GROUP_BYTES) this.#commitGroup();
    return promise;
  }

  /** Commits in this turn, and begins to wait until that is durable. @param bytes of the batches */
  #commitNow(batches: readonly Batch[], bytes: number): readonly Committed[] {
    const commit = ++this.#commits;
    this.#inProgress = commit; // before it begins: what listeners emit within it waits
    this.#unsyncedBytes += bytes;
    const committed = this.#commit(batches);
    const next = () => {
      this.#unsyncedBytes -= bytes;
      if (this.#inProgress !== commit) return; // a later commit is in progress
      this.#inProgress = 0;
      if (this.#queue.length > 0) this.#commitGroup();
    };
    this.#ports.keepAwake(this.#ports.durable().then(next, next));
    return committed;
  }

  #commitGroup(): void {
    const { group, bytes } = this.#take();
    const batches = group.map(({ batch }) => batch);
    const committed = this.#commitNow(batches, bytes);
    for (const [index, { settle }] of group.entries()) settle(committed[index] as Committed);
  }

  /** The oldest batches, as many as a group may have, or one that is larger. */
  #take(): { readonly group: readonly Queued[]; readonly bytes: number } {
    let count = 0;
    let events = 0;
    let bytes = 0;
    for (const queued of this.#queue) {
      const [moreEvents, moreBytes] = [events + queued.batch.drafts.length, bytes + queued.bytes];
      if (count > 0 && (moreEvents > GROUP_EVENTS || moreBytes > GROUP_BYTES)) break;
      [count, events, bytes] = [count + 1, moreEvents, moreBytes];
    }
    const group = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    this.#queuedEvents -= events;
    this.#queuedBytes -= bytes;
    return { group, bytes };
  }
}

/** Of what the hub adds to a draft, about: keys, a time, an id. */
const STAMP_BYTES = 100;

function bytesOf(drafts: readonly Draft[]): number {
  return drafts.reduce((sum, { data, source, wide }) => sum + data.length + source.length + wide + STAMP_BYTES, 0);
}
