// Groups the live subscribers. Those of equal dialect, patterns and rights share a subscription; those of them that were sent
// the log up to the same seq are a group, whose frames are made once. A subscriber that catches up is in no group.

import type { Interest } from "../access/match.ts";
import { PatternBudget } from "./pattern-budget.ts";
import { SentSeqs } from "./sent-seqs.ts";
import type { Socket } from "./socket.ts";
import type { Dialect, Subscriber } from "./subscriber.ts";
import { TypeMatches } from "./type-matches.ts";

/** All live subscribers of equal dialect, patterns and rights: one group, or several that were sent to in different turns. */
export interface Subscription<S extends Socket> extends Interest {
  readonly key: string;
  readonly dialect: Dialect;
  readonly groups: Set<Group<S>>;
}

/** Live subscribers that are sent the same frames. */
export interface Group<S extends Socket> {
  readonly subscription: Subscription<S>;
  readonly sockets: Set<S>;
  /** `after` of the next frame: every matching event up to here was sent to each of `sockets`. */
  sentSeq: number;
  /** At or beyond `sentSeq`: no event in between matched. `positionOf` also counts what all groups were flushed. */
  reachedSeq: number;
}

export class SubscriberGroups<S extends Socket> {
  #flushedSeq: number;
  readonly #subscriptions = new Map<string, Subscription<S>>();
  readonly #matches = new TypeMatches<Subscription<S>>();
  /** The groups of v1: only those are sent their progress. */
  readonly #sentSeqs = new SentSeqs<Group<S>>();
  readonly #subscribers = new Map<S, Subscriber>();
  readonly #groupOf = new Map<S, Group<S>>();
  readonly #patterns = new PatternBudget<S>();

  /** @param flushedSeq the head: memory does not go while something waits to be flushed */
  constructor(flushedSeq = 0) {
    this.#flushedSeq = flushedSeq;
  }

  /** Up to which seq every live subscriber was sent all that matches. */
  get flushedSeq(): number {
    return this.#flushedSeq;
  }

  /** Every live subscriber was sent all that matches up to `seq`. */
  flushed(seq: number): void {
    this.#flushedSeq = seq;
  }

  /** How many subscribers there are, live or catching up. */
  get size(): number {
    return this.#subscribers.size;
  }

  /** How many of them catch up, and how many are live. */
  get catchingUp(): number {
    return this.#subscribers.size - this.#groupOf.size;
  }

  get live(): number {
    return this.#groupOf.size;
  }

  /** What the patterns of all subscribers take. */
  get patterns(): Pick<PatternBudget<S>, "hasRoomFor" | "bytes"> {
    return this.#patterns;
  }

  /** Of live subscribers. */
  get groups(): Iterable<Group<S>> {
    return [...this.#subscriptions.values()].flatMap(({ groups }) => [...groups]);
  }

  get sockets(): Iterable<S> {
    return this.#subscribers.keys();
  }

  subscriberOf(socket: S): Subscriber | undefined {
    return this.#subscribers.get(socket);
  }

  /** Whether a socket takes frames in their compressed form. */
  inflates(socket: S): boolean {
    return this.#subscribers.get(socket)?.encoding === "deflate";
  }

  /** `undefined`: the subscriber is not live. */
  groupOf(socket: S): Group<S> | undefined {
    return this.#groupOf.get(socket);
  }

  /** Up to which seq all sockets of a group were sent what matches. */
  positionOf({ reachedSeq }: Group<S>): number {
    return Math.max(reachedSeq, this.flushedSeq);
  }

  /** The groups of a subscription that were not sent everything up to `seq`, those that are furthest behind first. */
  behind({ groups }: Subscription<S>, seq: number): readonly Group<S>[] {
    const behind = [...groups].filter((group) => this.positionOf(group) < seq);
    return behind.length < 2 ? behind : behind.sort((a, b) => this.positionOf(a) - this.positionOf(b));
  }

  /** The subscriptions that hear a type. */
  get matches(): Pick<TypeMatches<Subscription<S>>, "all" | "find"> {
    return this.#matches;
  }

  /** The groups of v1 whose sentSeq is at most `seq`. */
  sentUpTo(seq: number): readonly Group<S>[] {
    return this.#sentSeqs.upTo(seq);
  }

  /**
   * Adds a socket, or replaces its state. A live one joins the group at its position; the group's frames then begin at the
   * least `sentSeq` of its sockets, which is further back than the others need, and loses nothing.
   *
   * @param reachedSeq up to which seq a live one was sent all that matches
   */
  seat(socket: S, subscriber: Subscriber, reachedSeq: number): void {
    this.#leaveGroup(socket);
    this.#subscribers.set(socket, subscriber);
    this.#patterns.set(socket, subscriber);
    if (subscriber.catchUp === null)
      this.#join(socket, this.#subscriptionOf(subscriber), subscriber.sentSeq, reachedSeq);
  }

  /** Replaces the state of a subscriber whose group stays the same. */
  note(socket: S, subscriber: Subscriber): void {
    this.#subscribers.set(socket, subscriber);
  }

  remove(socket: S): void {
    this.#subscribers.delete(socket);
    this.#patterns.delete(socket);
    this.#leaveGroup(socket);
  }

  /** `sockets`, all of a group or some, were sent everything up to `to`. */
  advance(group: Group<S>, to: number, sockets: readonly S[]): void {
    if (sockets.length < group.sockets.size) {
      for (const socket of sockets) {
        group.sockets.delete(socket);
        this.#join(socket, group.subscription, to, to);
      }
      return;
    }
    const { subscription } = group;
    const peer = this.#groupAt(subscription, to);
    this.#setSentSeq(group, to);
    group.reachedSeq = to;
    if (!peer || peer === group) return;
    const [from, into] = peer.sockets.size < group.sockets.size ? [peer, group] : [group, peer];
    for (const socket of from.sockets) {
      into.sockets.add(socket);
      this.#groupOf.set(socket, into);
    }
    this.#setSentSeq(into, Math.min(from.sentSeq, into.sentSeq));
    this.#sentSeqs.remove(from);
    subscription.groups.delete(from);
  }

  #leaveGroup(socket: S): void {
    const group = this.#groupOf.get(socket);
    if (!group) return;
    this.#groupOf.delete(socket);
    group.sockets.delete(socket);
    if (group.sockets.size === 0) this.#drop(group);
  }

  #join(socket: S, subscription: Subscription<S>, sentSeq: number, reachedSeq: number): void {
    let group = this.#groupAt(subscription, reachedSeq);
    if (group) this.#setSentSeq(group, Math.min(group.sentSeq, sentSeq));
    else {
      group = { subscription, sockets: new Set(), sentSeq, reachedSeq };
      subscription.groups.add(group);
      if (subscription.dialect === "v1") this.#sentSeqs.add(group);
    }
    group.sockets.add(socket);
    this.#groupOf.set(socket, group);
  }

  #groupAt(subscription: Subscription<S>, reachedSeq: number): Group<S> | undefined {
    const position = Math.max(reachedSeq, this.flushedSeq);
    for (const group of subscription.groups) if (this.positionOf(group) === position) return group;
    return undefined;
  }

  #subscriptionOf({ dialect, asked, allowed }: Subscriber): Subscription<S> {
    const key = JSON.stringify([dialect, asked, allowed]);
    const known = this.#subscriptions.get(key);
    if (known) return known;
    const subscription: Subscription<S> = { key, dialect, asked, allowed, groups: new Set() };
    this.#subscriptions.set(key, subscription);
    this.#matches.add(subscription);
    return subscription;
  }

  #setSentSeq(group: Group<S>, seq: number): void {
    const isListed = group.subscription.dialect === "v1";
    if (isListed) this.#sentSeqs.remove(group);
    group.sentSeq = seq;
    if (isListed) this.#sentSeqs.add(group);
  }

  #drop(group: Group<S>): void {
    const { subscription } = group;
    subscription.groups.delete(group);
    this.#sentSeqs.remove(group);
    if (subscription.groups.size > 0) return;
    this.#subscriptions.delete(subscription.key);
    this.#matches.remove(subscription);
  }
}
