// The hub's mind: an event is stamped, appended, and only then told: to the sockets, then to the listeners of the Reactor.
// Third step of an event's way.
import { type Cursor, formatCursor } from "../wire/cursor.ts";
import { type Draft, parseDraft } from "../wire/draft.ts";
import { err, ok, type Result } from "../wire/problem.ts";
import type { Interest } from "./access/match.ts";
import { ephemeral, heartbeat } from "./bus/ephemeral.ts";
import { EventBus, type EventBusPorts } from "./bus/event-bus.ts";
import { type Connection, REACTOR_EVENTS, type ReactorEvents } from "./bus/event-names.ts";
import type { ClockTime } from "./clock.ts";
import type { Socket } from "./fanout/socket.ts";
import { Subscribers, type SubscribersPorts } from "./fanout/subscribers.ts";
import { deduplicate } from "./log/deduplicate.ts";
import type { EventLog, LoggedEvent } from "./log/event-log.ts";
import { readHistory } from "./log/history.ts";
import type { Receipt } from "./log/receipt.ts";
import { type StampedEvent, stamp } from "./log/stamp.ts";
import type { Attaching } from "./session/attaching.ts";
import { Session, type SessionPorts } from "./session/session.ts";
import { Sweep } from "./session/sweep.ts";

/** What a broker takes from its surroundings. */
export interface BrokerPorts<S extends Socket>
  extends Pick<EventBusPorts, "now" | "after" | "report" | "keepAwake">,
    Pick<SubscribersPorts<S>, "keep" | "pingMs" | "later" | "pauseAfter">,
    Omit<SessionPorts, "emit"> {
  /** The epoch for a log that is born. */
  freshEpoch(): string;
  /** Is called after each append, once it was told to others. */
  afterAppend(): void;
  /** Whether clients are told who comes and goes. Listeners always are. */
  readonly announces: boolean;
}

export class Broker<S extends Socket> {
  readonly subscribers: Subscribers<S>;
  readonly sweep: Sweep<S>;
  readonly #session: Session<S>;
  readonly bus: EventBus<ReactorEvents>;
  readonly #log: EventLog;
  readonly #ports: BrokerPorts<S>;

  /** @param log the channel's log, whose word on what has happened is the only one: all else here can be made again */
  constructor(log: EventLog, ports: BrokerPorts<S>) {
    this.#log = log;
    this.#ports = ports;
    this.subscribers = new Subscribers(log, {
      keep: ports.keep,
      pingMs: ports.pingMs,
      later: ports.later,
      pauseAfter: ports.pauseAfter,
      report: ports.report,
      nowMs: () => ports.now().ms,
      gone: (clientId) => this.#tellOf(REACTOR_EVENTS.WEBSOCKET_DISCONNECTED, clientId),
    });
    this.sweep = new Sweep(this.subscribers, ports.pingMs);
    const { now, after, report, keepAwake } = ports;
    const emit = (drafts: readonly Draft[]) => this.emit(drafts);
    this.#session = new Session(log, this.subscribers, { ...ports, emit });
    this.bus = new EventBus({
      now,
      after,
      report,
      keepAwake,
      record: (name, data) => this.#record(name, data),
      wsBroadcast: (events) => this.#tell(events as readonly LoggedEvent[]),
    });
    this.bus.start();
  }

  /**
   * Appends, then tells: nothing moves and nobody sees anything unless the log took all of `drafts`.
   *
   * An event that was emitted before is not emitted again: its receipt names the first one.
   *
   * @param drafts at least one
   * @returns the receipt once they are durable, or why nothing was stored: `id_conflict` if one has the source and id of
   *   another event, `log_unavailable` if the log is full or fails, `reactor_disabled`
   */
  emit(drafts: readonly Draft[]): Result<Receipt> {
    if (!this.bus.isRunning) {
      return err("reactor_disabled", "REACTOR_ENABLED is false: this hub takes no events.");
    }
    try {
      return this.#emit(drafts);
    } catch (error) {
      // Thrown on, it would be the Worker's failure, and no reason to retry.
      this.#ports.report("An append", error);
      return err("log_unavailable", "The log cannot take events just now. Nothing was stored: try again later.");
    }
  }

  #emit(drafts: readonly Draft[]): Result<Receipt> {
    const at = this.#ports.now();
    const sorted = deduplicate(drafts, (key) => this.#log.findKey(key, at.ms), this.#log.cursor.seq + 1);
    if (!sorted.ok) return sorted;
    const { fresh, places } = sorted.value;
    const appended = fresh.length === 0 ? [] : this.#append(fresh, at);
    const { epoch } = this.#log.cursor;
    const ids = new Map(appended.map(({ seq, id }) => [seq, id]));
    const events = places.map(({ seq, duplicate }, index) => ({
      id: drafts[index]?.id ?? ids.get(seq) ?? "",
      seq,
      duplicate,
    }));
    const highest = Math.max(...places.map(({ seq }) => seq));
    if (appended.length > 0) void this.bus.deliver(appended); // it never rejects, and nobody waits for listeners
    return ok({ cursor: formatCursor({ epoch, seq: highest }), events });
  }

  /** Whether there is room for one more. @returns nothing, or `rate_limited` */
  admit({ address }: Pick<Attaching, "address">): Result<void> {
    const { socketsPerChannel, socketsPerAddress } = this.#ports.limits;
    if (address !== null && this.subscribers.countFrom(address) >= socketsPerAddress) {
      return err("rate_limited", "This channel has as many connections from your address as it takes.");
    }
    if (this.subscribers.count < socketsPerChannel || this.sweep.makeRoom(this.#ports.now().ms)) return ok(undefined);
    return err("rate_limited", "This channel has as many connections as it takes: come back later.");
  }

  /** Welcomes a socket that was admitted, then says who came. */
  attach(socket: S, attaching: Attaching): void {
    this.#session.attach(socket, attaching, this.#ports.now());
    if (this.subscribers.subscriberOf(socket)) this.#tellOf(REACTOR_EVENTS.WEBSOCKET_CONNECTED, attaching.clientId);
  }

  /** A message that the runtime did not answer by itself, as it does with `ping`. */
  hear(socket: S, message: string | ArrayBuffer): void {
    this.#session.hear(socket, message, this.#ports.now());
  }

  /** Says that the hub is there. */
  beat(): void {
    const beat = heartbeat(this.subscribers.count, this.#log.cursor.seq, this.#ports.now());
    this.subscribers.broadcast.ephemeral(beat);
    void this.bus.tellListeners([beat]);
  }

  /** One page of the log as JSON text (`core/history`). */
  history(after: Cursor | null, interest: Interest, limit: number): string {
    return readHistory(this.#log, after, interest, limit);
  }

  #append(drafts: readonly Draft[], at: ClockTime): readonly StampedEvent[] {
    const { epoch: known, seq: before } = this.#log.cursor;
    const epoch = known === "0" ? this.#ports.freshEpoch() : known;
    const events = drafts.map((draft, index) => stamp(draft, epoch, before + 1 + index, at));
    this.#log.append(events, epoch, at.ms);
    return events;
  }

  /** What a listener emits is checked as what comes through a door. */
  #record(type: string, data: unknown): StampedEvent {
    const draft = parseDraft({ type, data });
    if (!draft.ok) {
      const { detail, pointer } = draft.problem;
      throw new TypeError(pointer ? `${detail} It is at "${pointer}" in the event.` : detail);
    }
    const [event] = this.#append([draft.value], this.#ports.now());
    if (!event) throw new Error("The log took an event and gave none back.");
    return event;
  }

  #tell(events: readonly LoggedEvent[]): void {
    try {
      this.subscribers.broadcast.appended(events);
    } finally {
      this.#ports.afterAppend();
    }
  }

  #tellOf(type: string, client_id: string): void {
    const data: Connection = { client_id, connected_clients: this.subscribers.count };
    const event = ephemeral(type, data, client_id, this.#ports.now());
    if (this.#ports.announces) this.subscribers.broadcast.ephemeral(event);
    void this.bus.tellListeners([event]);
  }
}
