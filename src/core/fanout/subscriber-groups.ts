// Who hears what. Live readers of equal dialect, subscription and rights share a subscription; those of them that were
// served up to the same place are a group, whose frames are made once. A reader that catches up is on its own.

import type { Patterns } from "../../wire/pattern.ts";
import { hears, type Interest } from "../access/match.ts";
import type { CatchUp } from "./catch-up.ts";
import type { Socket } from "./socket.ts";

/** `old`: one event a frame, as the server before this one spoke. */
export type Dialect = "v1" | "old";

/** What is known of one connected socket. It survives hibernation in the socket's attachment. */
export interface Reader extends Interest {
  readonly clientId: string;
  readonly channel: string;
  readonly dialect: Dialect;
  /** What it may besides hearing: `Rights`, of which `allowed` is what it may hear. */
  readonly sub: string | null;
  readonly emit: Patterns;
  readonly expiresMs: number | null;
  /** When to tell it that its rights are about to end, in ms since 1970; `null`: never, or it was told. */
  readonly warnMs: number | null;
  /** Where it comes from, if its addresses are counted. */
  readonly address: string | null;
  /** Up to which seq the reader has been told. Of a live one, up to which it had been told when it became live. */
  readonly told: number;
  /** `null`: it is live. */
  readonly catchUp: CatchUp | null;
  /** When it came, or when a message of its was last heard; pings, which wake nobody, not counted. In ms since 1970. */
  readonly heardMs: number;
}

/** Everybody live who hears the same in the same dialect: one group, but while a flush is under way. */
export interface Subscription<S extends Socket> extends Interest {
  readonly key: string;
  readonly number: number;
  readonly dialect: Dialect;
  readonly groups: Set<Group<S>>;
}

/** Live readers that get the same frames. */
export interface Group<S extends Socket> {
  readonly subscription: Subscription<S>;
  readonly sockets: Set<S>;
  /** Where its next frame begins: every matching event up to here was sent to each of `sockets`, or lies before its place. */
  told: number;
  /** The same, further on where they heard nothing since; `placeOf` knows of what everybody was served. */
  served: number;
}

/** Types whose hearers are remembered. More than that come from a publisher that puts ids into types. */
const MAX_TYPES = 1_000;

export class Audience<S extends Socket> {
  /** Up to which seq everybody live was sent all that it hears. */
  servedTo = 0;
  readonly #subscriptions = new Map<string, Subscription<S>>();
  /** By number, from 1 on in the order in which they came about. */
  readonly #numbered = new Map<number, Subscription<S>>();
  #lastNumber = 0;
  readonly #hearing = new Map<string, { readonly found: Set<Subscription<S>>; upTo: number }>();
  readonly #readers = new Map<S, Reader>();
  readonly #groupOf = new Map<S, Group<S>>();

  /** How many readers there are, live or catching up. */
  get size(): number {
    return this.#readers.size;
  }

  /** How many of them catch up. */
  get catchingUp(): number {
    return this.#readers.size - this.#groupOf.size;
  }

  /** Of live readers. */
  get groups(): Iterable<Group<S>> {
    return [...this.#subscriptions.values()].flatMap(({ groups }) => [...groups]);
  }

  get sockets(): Iterable<S> {
    return this.#readers.keys();
  }

  readerOf(socket: S): Reader | undefined {
    return this.#readers.get(socket);
  }

  /** `undefined`: the reader is not live. */
  groupOf(socket: S): Group<S> | undefined {
    return this.#groupOf.get(socket);
  }

  /** Up to which seq all of a group were sent what they hear. */
  placeOf({ served }: Group<S>): number {
    return Math.max(served, this.servedTo);
  }

  /**
   * Who hears a type: found out once, and brought up to date when it is asked for. A `subscribe` matches nothing, so that
   * nobody can make it cost what all types together cost.
   */
  hearing(type: string): ReadonlySet<Subscription<S>> {
    if (this.#hearing.size === MAX_TYPES && !this.#hearing.has(type)) this.#hearing.clear();
    const known = this.#hearing.get(type) ?? { found: new Set(), upTo: 0 };
    for (const subscription of this.#behind(known.upTo)) {
      if (hears(subscription, type)) known.found.add(subscription);
    }
    known.upTo = this.#lastNumber;
    this.#hearing.set(type, known);
    return known.found;
  }

  /**
   * Seats a socket, or seats it anew. A live reader joins the group that stands at its place; the group's frames then
   * begin where the one of its readers began that was told least, which is further back than the others need, and
   * loses nothing.
   *
   * @param served up to where a live one was sent all that it hears
   */
  seat(socket: S, reader: Reader, served: number): void {
    this.remove(socket);
    this.#readers.set(socket, reader);
    if (reader.catchUp === null) this.#join(socket, this.#subscriptionOf(reader), reader.told, served);
  }

  /** Replaces what is known of a seated reader, where it stays in its seat. */
  note(socket: S, reader: Reader): void {
    this.#readers.set(socket, reader);
  }

  remove(socket: S): void {
    this.#readers.delete(socket);
    const group = this.#groupOf.get(socket);
    if (!group) return;
    this.#groupOf.delete(socket);
    group.sockets.delete(socket);
    if (group.sockets.size === 0) this.#drop(group);
  }

  /** `sockets`, all of a group or some, were told everything up to `to`. */
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
    group.told = to;
    group.served = to;
    if (!peer || peer === group) return;
    const [from, into] = peer.sockets.size < group.sockets.size ? [peer, group] : [group, peer];
    for (const socket of from.sockets) {
      into.sockets.add(socket);
      this.#groupOf.set(socket, into);
    }
    into.told = Math.min(from.told, into.told);
    subscription.groups.delete(from);
  }

  #join(socket: S, subscription: Subscription<S>, told: number, served: number): void {
    let group = this.#groupAt(subscription, served);
    if (group) group.told = Math.min(group.told, told);
    else {
      group = { subscription, sockets: new Set(), told, served };
      subscription.groups.add(group);
    }
    group.sockets.add(socket);
    this.#groupOf.set(socket, group);
  }

  #groupAt(subscription: Subscription<S>, served: number): Group<S> | undefined {
    const place = Math.max(served, this.servedTo);
    for (const group of subscription.groups) if (this.placeOf(group) === place) return group;
    return undefined;
  }

  #subscriptionOf({ dialect, asked, allowed }: Reader): Subscription<S> {
    const key = JSON.stringify([dialect, asked, allowed]);
    const known = this.#subscriptions.get(key);
    if (known) return known;
    const number = ++this.#lastNumber;
    const subscription: Subscription<S> = { key, number, dialect, asked, allowed, groups: new Set() };
    this.#subscriptions.set(key, subscription);
    this.#numbered.set(number, subscription);
    return subscription;
  }

  /** The subscriptions that came about behind a number, and are still there. */
  *#behind(number: number): Iterable<Subscription<S>> {
    if (this.#lastNumber - number > this.#subscriptions.size) yield* this.#subscriptions.values();
    else
      for (let next = number + 1; next <= this.#lastNumber; next++) {
        const subscription = this.#numbered.get(next);
        if (subscription) yield subscription;
      }
  }

  #drop(group: Group<S>): void {
    const { subscription } = group;
    subscription.groups.delete(group);
    if (subscription.groups.size > 0) return;
    this.#subscriptions.delete(subscription.key);
    this.#numbered.delete(subscription.number);
    for (const { found } of this.#hearing.values()) found.delete(subscription);
  }
}
