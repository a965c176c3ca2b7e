// Sends frames to the sockets of a group. A socket on which too much is buffered from earlier turns is left out.
import type { Cursor } from "../../wire/cursor.ts";
import { encodeLegacyEvent } from "../../wire/legacy-dialect.ts";
import { EVENTS_FRAME_BYTES, encodeEvents } from "../../wire/server-frame.ts";
import type { Counts } from "../counts/counts.ts";
import type { LoggedEvent } from "../log/logged-event.ts";
import type { DeflatedFrames } from "./deflated-frames.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import type { SendBuffer } from "./send-buffer.ts";
import { type Message, type Socket, sendQuietly } from "./socket.ts";
import type { Group, SubscriberGroups } from "./subscriber-groups.ts";

/** A live socket that was left out. It MUST be made to catch up in this turn: its group counts as sent to. */
export interface Lagging<S extends Socket> {
  readonly socket: S;
  /** `after` of the next frame to it. */
  readonly after: number;
  /** Up to which seq it was sent all that matches. */
  readonly position: number;
}

/** What a group's sockets are sent. */
export interface Sending {
  readonly frames: readonly string[];
  /** How many events of the log they hold. */
  readonly events: number;
  /** Of `frames` in UTF-8, at most. */
  readonly bytes: number;
  /** The position of the sockets once they have it. */
  readonly to: number;
}

/** The same, in its forms. */
export interface Prepared {
  readonly text: Form;
  /** Of those that can inflate; `text`, where that does not pay. */
  readonly deflated: Form;
  readonly events: number;
  readonly to: number;
  /** What a socket is sent, at most. */
  readonly maxBytes: number;
}

/** The parts that sending works on. */
export interface SenderState<S extends Socket> {
  readonly groups: SubscriberGroups<S>;
  readonly sendBuffer: SendBuffer<S>;
  readonly memoryBudget: MemoryBudget<S>;
  readonly deflatedFrames: DeflatedFrames;
  readonly counts: Counts;
}

/** What one socket is sent, and what that takes, at most. */
interface Form {
  readonly messages: readonly Message[];
  readonly bytes: number;
}

export class Sender<S extends Socket> {
  readonly #groups: SubscriberGroups<S>;
  readonly #sendBuffer: SendBuffer<S>;
  readonly #memoryBudget: MemoryBudget<S>;
  readonly #deflatedFrames: DeflatedFrames;
  readonly #counts: Counts;
  #touched = 0;

  constructor({ groups, sendBuffer, memoryBudget, deflatedFrames, counts }: SenderState<S>) {
    this.#groups = groups;
    this.#sendBuffer = sendBuffer;
    this.#memoryBudget = memoryBudget;
    this.#deflatedFrames = deflatedFrames;
    this.#counts = counts;
  }

  /** How many sockets of v1 were sent to since the last call: what a flush costs. A pause makes frames of the legacy dialect no fewer. */
  takeTouched(): number {
    const touched = this.#touched;
    this.#touched = 0;
    return touched;
  }

  /** @param socket a live one */
  asLagging(socket: S): Lagging<S> {
    const group = this.#groups.groupOf(socket);
    if (!group) throw new Error("Only a live socket can be left out.");
    return { socket, after: group.sentSeq, position: this.#groups.positionOf(group) };
  }

  /** @param sockets all of a group, or some @returns the sockets that were left out */
  send(group: Group<S>, sockets: readonly S[], sending: Sending): readonly Lagging<S>[] {
    return this.sendPrepared(group, sockets, this.prepare(sockets, sending));
  }

  /** Compresses what sockets are to be sent, if that pays. @param sockets those of this turn */
  prepare(sockets: readonly S[], { frames, events, bytes, to }: Sending): Prepared {
    const text: Form = { messages: frames, bytes };
    const [frame, more] = frames;
    const asText = { text, deflated: text, events, to, maxBytes: bytes };
    if (frame === undefined || more !== undefined) return asText; // the legacy dialect has several
    const readers = sockets.filter((socket) => this.#groups.inflates(socket)).length;
    const others = sockets.length - readers;
    const form = readers > 0 ? this.#deflatedFrames.formFor(frame, bytes, readers) : frame;
    if (typeof form === "string") return asText;
    const deflated: Form = { messages: [form], bytes: form.byteLength };
    return { text, deflated, events, to, maxBytes: others > 0 ? bytes : deflated.bytes };
  }

  sendPrepared(group: Group<S>, sockets: readonly S[], prepared: Prepared): readonly Lagging<S>[] {
    const { text, deflated, events, to } = prepared;
    const { dialect } = group.subscription;
    const lagging: Lagging<S>[] = [];
    let total = 0;
    for (const socket of sockets) {
      if (this.#sendBuffer.isFull(socket, dialect)) lagging.push(this.asLagging(socket));
      else {
        const form = deflated !== text && this.#groups.inflates(socket) ? deflated : text;
        for (const message of form.messages) sendQuietly(socket, message);
        this.#sendBuffer.sent(socket, form.bytes, to);
        total += form.bytes;
      }
    }
    if (dialect === "v1") this.#touched += sockets.length;
    this.#memoryBudget.sent(total);
    this.#counts.delivered(events * (sockets.length - lagging.length));
    this.#groups.advance(group, to, sockets);
    return lagging;
  }

  /** Sends what is not in the log to a group, or to some of it. */
  sendUnlogged(group: Group<S>, frame: string, sockets: readonly S[] = [...group.sockets]): readonly Lagging<S>[] {
    const to = this.#groups.positionOf(group);
    return this.send(group, sockets, { frames: [frame], events: 0, bytes: 2 * EVENTS_FRAME_BYTES, to });
  }

  /** Sends a group, or some of it, an empty frame up to its position, if it was not sent one. Legacy has no such frame. */
  sendProgress(group: Group<S>, epoch: string, sockets?: readonly S[]): readonly Lagging<S>[] {
    const seq = this.#groups.positionOf(group);
    if (group.subscription.dialect === "legacy" || group.sentSeq === seq) return [];
    return this.sendUnlogged(group, encodeEvents(group.sentSeq, { epoch, seq }, []), sockets);
  }
}

/** What a group is sent of the log: one frame, or in the legacy dialect one per event. @param to its position then */
export function framesFor<S extends Socket>(
  { subscription, sentSeq }: Group<S>,
  matching: readonly LoggedEvent[],
  to: Cursor,
): readonly string[] {
  const { epoch } = to;
  if (subscription.dialect === "legacy") {
    return matching.map(({ event, seq }) => encodeLegacyEvent(event, { epoch, seq }));
  }
  const events = matching.map(({ event }) => event);
  return [encodeEvents(sentSeq, to, events)];
}
