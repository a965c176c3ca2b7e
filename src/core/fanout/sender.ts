// Frames on their way to the sockets of a group: each socket is touched once, and who has too much waiting is left out.
import type { Cursor } from "../../wire/cursor.ts";
import { encodeLegacyEvent } from "../../wire/legacy-dialect.ts";
import { EVENTS_FRAME_BYTES, encodeEvents } from "../../wire/server-frame.ts";
import type { LoggedEvent } from "../log/event-log.ts";
import type { RecentEvents } from "../log/recent-events.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import type { SendBuffer } from "./send-buffer.ts";
import { type Socket, sendQuietly } from "./socket.ts";
import type { Group, SubscriberGroups } from "./subscriber-groups.ts";

/** What sending works on. */
export interface Stage<S extends Socket> {
  readonly subscriberGroups: SubscriberGroups<S>;
  readonly recentEvents: RecentEvents;
  readonly sendBuffer: SendBuffer<S>;
  readonly memoryBudget: MemoryBudget<S>;
}

/** A live socket that was not sent what its group was, because too much waits there from before. */
export interface Lagging<S extends Socket> {
  readonly socket: S;
  /** Where the next frame to it has to begin, and up to where it was sent all that it hears. */
  readonly after: number;
  readonly position: number;
}

/** What a group's sockets are sent; `to` is up to where they then are told. */
export interface Sending {
  readonly frames: readonly string[];
  readonly bytes: number;
  readonly to: number;
}

export class Sender<S extends Socket> {
  /** How many sockets of v1 were sent something since this was last set to 0. */
  touched = 0;
  readonly #stage: Stage<S>;

  constructor(stage: Stage<S>) {
    this.#stage = stage;
  }

  /** A live reader as one who is too slow. */
  asLagging(socket: S): Lagging<S> {
    const group = this.#stage.subscriberGroups.groupOf(socket);
    if (!group) throw new Error("Only a live reader can be left out.");
    return { socket, after: group.sentSeq, position: this.#stage.subscriberGroups.positionOf(group) };
  }

  /**
   * What waits on a socket is judged by what an earlier turn left: this one's own does not count.
   *
   * @param slow takes who was left out
   */
  send(group: Group<S>, sockets: readonly S[], { frames, bytes, to }: Sending, lagging: Lagging<S>[]): void {
    const { sendBuffer, memoryBudget } = this.#stage;
    const { dialect } = group.subscription;
    for (const socket of sockets) {
      if (sendBuffer.isFull(socket, dialect)) lagging.push(this.asLagging(socket));
      else {
        for (const frame of frames) sendQuietly(socket, frame);
        sendBuffer.sent(socket, bytes, to);
      }
    }
    if (dialect === "v1") this.touched += sockets.length; // an old page's frames are as many, however long they wait
    memoryBudget.sent(bytes * sockets.length);
  }

  /** Sends what is not of the log to a group, or to some of it, who then know their place. */
  tell(
    group: Group<S>,
    frames: readonly string[],
    lagging: Lagging<S>[],
    sockets: readonly S[] = [...group.sockets],
  ): void {
    const to = this.#stage.subscriberGroups.positionOf(group);
    this.send(group, sockets, { frames, bytes: 2 * EVENTS_FRAME_BYTES, to }, lagging);
    this.#stage.subscriberGroups.advance(group, to, sockets);
  }

  /** Tells a group how far the log has come, if it does not know. */
  sendProgress(group: Group<S>, lagging: Lagging<S>[], sockets?: readonly S[]): void {
    const { epoch } = this.#stage.recentEvents.cursor;
    const position = this.#stage.subscriberGroups.positionOf(group);
    if (group.subscription.dialect === "legacy" || group.sentSeq === position) return; // an old page has no frame without an event
    this.tell(group, [encodeEvents(group.sentSeq, { epoch, seq: position }, [])], lagging, sockets);
  }
}

/** What a group is sent of the log: one frame, or in the old dialect one an event. @param to where it then is */
export function framesFor<S extends Socket>(
  { subscription, sentSeq }: Group<S>,
  heard: readonly LoggedEvent[],
  to: Cursor,
): readonly string[] {
  const { epoch } = to;
  if (subscription.dialect === "legacy") return heard.map(({ event, seq }) => encodeLegacyEvent(event, { epoch, seq }));
  const events = heard.map(({ event }) => event);
  return [encodeEvents(sentSeq, to, events)];
}
