// The walk of an event through the hub, in `commit`: deduplicate, stamp and append, fan out to sockets, dispatch to listeners,
// maintain the log, answer with a receipt.
import { type Cursor, formatCursor, ORIGIN } from "../wire/cursor.ts";
import { type Draft, parseDraft } from "../wire/draft.ts";
import { err, ok, type Result } from "../wire/problem.ts";
import { encodeRemoved } from "../wire/server-frame.ts";
import type { Interest } from "./access/match.ts";
import { REVOKED, type Revocation, Revocations, type TokenIdentity, type ValueStore } from "./access/revocations.ts";
import type { Cause } from "./bus/cause.ts";
import { ephemeral, heartbeat } from "./bus/ephemeral.ts";
import { EventBus, type EventBusPorts } from "./bus/event-bus.ts";
import { type Connection, REACTOR_EVENTS, type ReactorEvents } from "./bus/event-names.ts";
import type { ClockTime } from "./clock.ts";
import type { Socket } from "./fanout/socket.ts";
import { Subscribers, type SubscribersPorts } from "./fanout/subscribers.ts";
import { type Batch, type Committed, GroupCommit, type GroupCommitPorts } from "./group-commit.ts";
import { deduplicate } from "./log/deduplicate.ts";
import type { EventLog } from "./log/event-log.ts";
import { type HistoryLimits, type HistoryPage, type HistoryStart, readHistory } from "./log/history.ts";
import { HistoryBudget } from "./log/history-budget.ts";
import type { AppendedEvent } from "./log/logged-event.ts";
import { type Receipt, receiptOf } from "./log/receipt.ts";
import { TRIM_STEP } from "./log/retention.ts";
import { StoreContradiction } from "./log/segment-store.ts";
import { stamp } from "./log/stamp.ts";
import { Maintenance, type MaintenancePorts, type MaintenanceSettings } from "./maintenance.ts";
import type { Attaching } from "./session/attaching.ts";
import { Session, type SessionPorts } from "./session/session.ts";
import { Sweep } from "./session/sweep.ts";

/** What a broker takes from its surroundings. */
export interface BrokerPorts<S extends Socket>
  extends Pick<EventBusPorts, "now" | "after" | "report" | "keepAwake">,
    Pick<SubscribersPorts<S>, "keep" | "forget" | "pingMs" | "later" | "soon" | "costOf" | "framesPerTurn" | "deflate">,
    Pick<MaintenancePorts, "getAlarm" | "setAlarm">,
    Pick<GroupCommitPorts, "durable">,
    Omit<SessionPorts, "emit" | "agendaChanged" | "isRevoked" | "counts"> {
  /** What is kept beside the log. A write MUST be durable before anything leaves that the hub sends afterwards. */
  readonly values: ValueStore;
  /** The epoch of a log whose first event is appended. */
  freshEpoch(): string;
  /** Ends this object, sockets included: the next call begins with what is in storage. */
  restart(reason: string): void;
}

export interface BrokerSettings extends MaintenanceSettings {
  /** Whether clients hear which sockets connect and disconnect. Listeners always do. */
  readonly announces: boolean;
}

/** What was taken out of a log. */
export interface Removed {
  /** The cursor that was given. */
  readonly cursor: string;
  /** How many events this has taken out: those that were gone before do not count. */
  readonly removed: number;
}

/** What came of a revocation. */
export interface Revoked {
  /** How many sockets it has closed. */
  readonly closed: number;
}

export class Broker<S extends Socket> {
  readonly subscribers: Subscribers<S>;
  readonly sweep: Sweep<S>;
  readonly bus: EventBus<ReactorEvents>;
  readonly maintenance: Maintenance<S>;
  readonly #revocations: Revocations;
  readonly #groupCommit: GroupCommit;
  readonly #historyBudget = new HistoryBudget();
  readonly #session: Session<S>;
  readonly #log: EventLog;
  readonly #settings: BrokerSettings;
  readonly #ports: BrokerPorts<S>;

  /** @param log the channel's log, the one truth: all other state can be derived from it and the sockets' attachments */
  constructor(log: EventLog, settings: BrokerSettings, ports: BrokerPorts<S>) {
    this.#log = log;
    this.#settings = settings;
    this.#ports = ports;
    const nowMs = () => ports.now().ms;
    this.#revocations = new Revocations(ports.values);
    const { counts } = log.usage;
    this.subscribers = new Subscribers(log, {
      counts,
      keep: ports.keep,
      forget: ports.forget,
      pingMs: ports.pingMs,
      later: ports.later,
      soon: ports.soon,
      costOf: ports.costOf,
      framesPerTurn: ports.framesPerTurn,
      deflate: ports.deflate,
      report: ports.report,
      hold: (act) => this.bus.hold(act),
      nowMs,
      gone: (clientId) => this.#announce(REACTOR_EVENTS.WEBSOCKET_DISCONNECTED, clientId),
    });
    this.sweep = new Sweep(this.subscribers, ports.pingMs, ports.report);
    this.maintenance = new Maintenance(settings, log, this, { ...ports, nowMs });
    this.#session = new Session(log, this.subscribers, {
      ...ports,
      counts,
      emit: (drafts) => this.emit(drafts),
      isRevoked: (token) => this.isRevoked(token),
      agendaChanged: () => this.maintenance.scheduleAlarm(),
    });
    const { now, after, report, keepAwake } = ports;
    const emit = (name: string, data: unknown, cause: Cause | null) => this.#emitOfListener(name, data, cause);
    this.bus = new EventBus({ now, after, report, keepAwake, emit });
    this.#groupCommit = new GroupCommit((batches) => this.commit(batches), ports);
    if (settings.enabled) this.bus.start();
  }

  /**
   * Emits a batch: in this turn, or together with others once the commit in progress is durable.
   *
   * @param drafts at least one
   * @returns its receipt, durable; or why nothing of it was stored: `id_conflict` where one of its events has the source and id
   *   of another, `log_unavailable` where the log is full or fails, `overloaded` where too much waits, `reactor_disabled`
   */
  async emit(drafts: readonly Draft[]): Promise<Result<Receipt>> {
    return this.#counted((await this.#groupCommit.emit({ drafts, cause: null })).receipt);
  }

  /**
   * Commits batches together. Nothing moves and no socket sees anything unless the log took all of their new events.
   *
   * An event that was emitted before is not emitted again: its receipt names the first one. A batch that is refused refuses
   * itself alone; a later batch sees the ids of an earlier one.
   *
   * @returns for each batch its receipt, and when its listeners are done. Never throws
   */
  commit(batches: readonly Batch[]): readonly Committed[] {
    if (!this.bus.isRunning) {
      return refused(batches, err("reactor_disabled", "This hub is disabled and takes no events."));
    }
    try {
      return this.bus.hold(() => this.#commit(batches, this.#ports.now()));
    } catch (error) {
      // Thrown on, it would be an unexpected failure of the Worker, and no reason to retry.
      this.#ports.report("An append", error);
      if (error instanceof StoreContradiction)
        this.#ports.restart("Storage was written by another server: reading it again.");
      const detail = "The log cannot take events at the moment. Nothing was stored: try again later.";
      return refused(batches, err("log_unavailable", detail));
    }
  }

  /** @throws where nothing was appended */
  #commit(batches: readonly Batch[], at: ClockTime): readonly Committed[] {
    const findKey = (key: string) => this.#log.findKey(key, at.ms);
    const drafts = batches.map((batch) => batch.drafts);
    const deduplicated = deduplicate(drafts, findKey, this.#log.cursor.seq + 1);
    const fresh = deduplicated.map((result) => (result.ok ? result.value.fresh : []));
    const events = this.#append(fresh.length === 1 && fresh[0] ? fresh[0] : fresh.flat(), at);
    if (events.length > 0) this.#attempt("ws_broadcast", () => this.subscribers.fanout.push(events));
    let from = 0;
    const committed = deduplicated.map((result, index): Committed => {
      const own = batches.length === 1 ? events : events.slice(from, from + (fresh[index]?.length ?? 0));
      from += own.length;
      const cause = batches[index]?.cause ?? null;
      const heard = own.length === 0 ? Promise.resolve() : this.bus.dispatch(own, cause); // no answer waits for it
      return { receipt: result.ok ? ok(receiptOf(result.value, this.#log.cursor.epoch)) : result, heard };
    });
    if (events.length > 0) this.#attempt("The hub's maintenance", () => this.maintenance.afterAppend());
    return committed;
  }

  #append(drafts: readonly Draft[], at: ClockTime): readonly AppendedEvent[] {
    if (drafts.length === 0) return [];
    const { epoch: known, seq: before } = this.#log.cursor;
    const epoch = known === "0" ? this.#ports.freshEpoch() : known;
    const events = stamp(drafts, epoch, before + 1, at);
    this.#log.append(events, epoch, at.ms);
    return events;
  }

  /** What a listener emits is checked like an event from outside. */
  #emitOfListener(type: string, data: unknown, cause: Cause | null): Promise<void> {
    const draft = parseDraft({ type, data });
    if (!draft.ok) {
      const { detail, pointer } = draft.problem;
      throw new TypeError(pointer ? `${detail} It is at "${pointer}" in the event.` : detail);
    }
    return this.#groupCommit.emit({ drafts: [draft.value], cause }).then(({ receipt, heard }) => {
      if (!receipt.ok) throw new Error(receipt.problem.detail);
      return heard;
    });
  }

  /** Events that are stored outlive whatever fails behind the append. */
  #attempt(what: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#ports.report(what, error);
    }
  }

  /** Whether another socket may attach. @returns nothing, `unauthorized` or `rate_limited` */
  admit(attaching: Pick<Attaching, "address"> & Partial<TokenIdentity>): Result<void> {
    return this.#counted(this.#admit(attaching));
  }

  #admit({ address, sub = null, jti, issuedMs }: Parameters<Broker<S>["admit"]>[0]): Result<void> {
    if (this.isRevoked({ sub, jti, issuedMs })) return err("unauthorized", REVOKED);
    const { socketsPerChannel, socketsPerAddress } = this.#ports.limits;
    const nowMs = this.#ports.now().ms;
    const isFull = address !== null && this.subscribers.countFrom(address) >= socketsPerAddress;
    if (isFull && !this.sweep.makeRoomFrom(address, nowMs)) {
      return err("rate_limited", "This channel has as many connections from your address as it takes.");
    }
    if (this.subscribers.count < socketsPerChannel || this.sweep.makeRoom(nowMs)) return ok(undefined);
    return err("rate_limited", "This channel has as many connections as it takes: come back later.");
  }

  /** Whether a token was revoked in this channel. */
  isRevoked(token: TokenIdentity): boolean {
    return this.#revocations.isRevoked(token, this.#ports.now().ms);
  }

  /**
   * Revokes tokens, and closes the sockets that were opened with them, in this turn.
   *
   * @returns how many it closed, or `too_many_revocations`, or `log_unavailable`
   */
  revoke(revocation: Revocation): Result<Revoked> {
    return this.#stored("A revocation", () => {
      const rows = this.#revocations.add(revocation, this.#ports.now().ms);
      if (!rows.ok) return rows;
      for (let row = 0; row < rows.value; row++) this.#log.rowWritten();
      return ok({ closed: this.closeRevoked() });
    });
  }

  /** Closes the sockets whose tokens were revoked. @returns how many */
  closeRevoked(): number {
    return this.subscribers.closeAll((subscriber) => this.isRevoked(subscriber), "unauthorized", REVOKED);
  }

  /**
   * Takes an event out of the log, and tells the clients of v1 that may have received it. Who was not sent it yet will not be.
   *
   * @param cursor the event's
   * @returns 1; 0 where it was deleted or taken out before; or `event_not_found`, or `log_unavailable`
   */
  remove(cursor: Cursor): Result<Removed> {
    const { epoch, seq: head } = this.#log.cursor;
    if (cursor.epoch !== epoch || cursor.seq < 1 || cursor.seq > head) return this.#counted(this.#notFound(cursor));
    return this.#stored("A removal", () => {
      const type = this.#log.remove(cursor.seq);
      if (type === undefined) return ok(removedAt(cursor, 0));
      this.subscribers.fanout.removed(cursor.seq);
      this.subscribers.tell(encodeRemoved({ cursor: formatCursor(cursor) }), type);
      return ok(removedAt(cursor, 1));
    });
  }

  /**
   * Takes every event below the cursor's `seq` out of the log, a part of them in this turn.
   *
   * @param cursor of an event that stays; one above the head takes out all
   * @returns how many, and whether some are left; or `event_not_found`, or `log_unavailable`
   */
  removeBefore(cursor: Cursor): Result<Removed & { readonly isDone: boolean }> {
    const { epoch, seq: head } = this.#log.cursor;
    const isOrigin = cursor.epoch === ORIGIN.epoch && cursor.seq === ORIGIN.seq;
    if (!isOrigin && (cursor.epoch !== epoch || cursor.seq > head + 1)) return this.#counted(this.#notFound(cursor));
    return this.#stored("A removal", () => {
      const { oldest } = this.#log;
      // A client that is up to date but was not told so would be reset for nothing.
      if (cursor.seq > oldest) this.subscribers.fanout.progress(Math.min(cursor.seq, oldest + TRIM_STEP));
      const count = this.#log.removeBefore(cursor.seq, this.#ports.now().ms);
      if (count > 0) this.subscribers.fanout.removedBefore(this.#log.oldest);
      return ok({ ...removedAt(cursor, count), isDone: this.#log.oldest >= Math.min(cursor.seq, head + 1) });
    });
  }

  /** Counts a refusal. @returns `result` */
  #counted<T>(result: Result<T>): Result<T> {
    if (!result.ok) this.#log.usage.counts.refused(result.problem.code);
    return result;
  }

  #notFound(cursor: Cursor): Result<never> {
    const { cursor: head } = this.#log;
    const reason = cursor.epoch === head.epoch ? "is no place in the log" : "is of another epoch";
    return err("event_not_found", `${formatCursor(cursor)} ${reason}, whose cursor is ${formatCursor(head)}.`);
  }

  /** Does what writes to storage. @returns its result, or `log_unavailable` where it throws */
  #stored<T>(what: string, act: () => Result<T>): Result<T> {
    try {
      return this.#counted(this.bus.hold(act));
    } catch (error) {
      this.#ports.report(what, error);
      return this.#counted(err("log_unavailable", "The log cannot be written at the moment: try again later."));
    }
  }

  /** Welcomes a socket that was admitted, and announces it. */
  attach(socket: S, attaching: Attaching): void {
    this.#session.attach(socket, attaching, this.#ports.now());
    if (this.subscribers.subscriberOf(socket)) this.#announce(REACTOR_EVENTS.WEBSOCKET_CONNECTED, attaching.clientId);
    this.maintenance.scheduleAlarm();
  }

  /** MUST be called after a wake, once the sockets are restored. */
  woke(): void {
    this.maintenance.scheduleAlarm();
  }

  /** Handles a message of a socket. `ping` does not come here: the runtime answers it. */
  hear(socket: S, message: string | ArrayBuffer): void {
    this.#session.hear(socket, message, this.#ports.now());
  }

  /** Sends the heartbeat. */
  beat(): void {
    const beat = heartbeat(this.subscribers.count, this.#log.cursor.seq, this.#ports.now());
    this.subscribers.fanout.ephemeral(beat);
    void this.bus.dispatch([beat]);
  }

  /** One page of the log (`core/log/history`). */
  history(start: HistoryStart, interest: Interest, { events, bytes }: HistoryLimits): HistoryPage {
    const most = Math.min(bytes, this.#historyBudget.next(this.#ports.now().ms));
    const page = readHistory(this.#log, start, interest, { events, bytes: most });
    this.#historyBudget.took(page.text.length);
    return page;
  }

  #announce(type: string, client_id: string): void {
    const data: Connection = { client_id, connected_clients: this.subscribers.count };
    const event = ephemeral(type, data, client_id, this.#ports.now());
    if (this.#settings.announces) this.subscribers.fanout.ephemeral(event);
    void this.bus.dispatch([event]);
  }
}

function removedAt(cursor: Cursor, removed: number): Removed {
  return { cursor: formatCursor(cursor), removed };
}

function refused(batches: readonly Batch[], problem: Result<never>): readonly Committed[] {
  return batches.map(() => ({ receipt: problem, heard: Promise.resolve() }));
}
