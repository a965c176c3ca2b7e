// Watches one socket of the hub: what arrives on it, what it is sent, and how it ends. It judges by the rules and by what
// happened in the world, and never asks the hub what it knows of the socket.

import type { Rights } from "../../../src/core/access/rights.ts";
import type { Dialect } from "../../../src/core/fanout/subscriber.ts";
import { type Cursor, ORIGIN, parseCursor } from "../../../src/wire/cursor.ts";
import { asObject, parseObject } from "../../../src/wire/json.ts";
import { MAX_MESSAGE_BYTES } from "../../../src/wire/limits.ts";
import type { Patterns } from "../../../src/wire/pattern.ts";
import type { Result } from "../../../src/wire/problem.ts";
import { eventsIn } from "../../support/stamped.ts";
import type { FaultyLog } from "../faulty-log.ts";
import type { Link } from "../link.ts";
import { hasCause, TOGETHER_MS } from "./close-causes.ts";
import { MessageAllowance } from "./message-allowance.ts";
import { RightsTimeline } from "./rights-timeline.ts";
import { type SentFrame, SentRanges } from "./sent-ranges.ts";

const MAX_POSTPONED = 16;

export interface Scene {
  readonly log: FaultyLog;
  readonly messagesPerSecond: number;
  /** What the hub takes for the time, as Unix time in ms. */
  nowMs(): number;
  /** For what is due: not before the time that the alarm was set for which rings. */
  dueMs(): number;
  /** In the time of timers. */
  turnMs(): number;
  /** Notes what is wrong. */
  accuse(what: string): void;
}

/** Whose socket it is. */
export interface Bearer {
  readonly clientId: string;
  readonly dialect: Dialect;
  readonly asked: Patterns;
  readonly cursor: Cursor | null;
  readonly rights: Rights;
}

export class SocketWitness {
  readonly #scene: Scene;
  readonly #bearer: Bearer;
  readonly #link: Link;
  readonly #allowance: MessageAllowance;
  readonly #ranges: SentRanges;
  readonly #attachedMs: number;
  readonly rights: RightsTimeline;
  pingMs: number | null = null;
  #heardMs: number;
  #wasHeard = false;
  #refusal: string | null = null;
  /** What waits while a token is checked. */
  #postponed: string[] | null = null;
  /** Whether more waited than may. */
  #isOverfull = false;
  #isBroken = false;
  #isOfAnotherEpoch = false;
  /** Why the hub must close it in this turn. */
  #mustClose: string | null = null;
  /** The code of a close that the hub has announced. */
  #announced: unknown;

  constructor(scene: Scene, bearer: Bearer, link: Link) {
    const nowMs = scene.nowMs();
    this.#scene = scene;
    this.#bearer = bearer;
    this.#link = link;
    this.#heardMs = nowMs;
    this.#attachedMs = scene.turnMs();
    this.#allowance = new MessageAllowance(scene.messagesPerSecond);
    this.rights = new RightsTimeline(bearer.rights, nowMs, this.#attachedMs);
    this.#ranges = new SentRanges(scene.log, bearer.dialect, bearer.asked, this.rights);
  }

  /** When the hub has to do something for its token, as Unix time in ms. */
  get dueMs(): number {
    const { isWarned, warnMs, endMs } = this.rights;
    return isWarned || this.#bearer.dialect === "legacy" ? endMs : warnMs;
  }

  /** The hub's memory is gone. */
  forgotten(): void {
    this.#allowance.forget();
  }

  /** A message reaches the hub, which has not seen it yet. */
  heard(message: string | ArrayBuffer): void {
    const nowMs = this.#scene.nowMs();
    this.#heardMs = nowMs;
    this.#wasHeard = true;
    if (this.rights.endMs <= nowMs) this.#mustClose = "its rights had ended";
    else if (typeof message !== "string" || message.length > MAX_MESSAGE_BYTES) {
      this.#isBroken = true;
      this.#mustClose = "it was sent what is no message";
    } else this.#message(message);
  }

  #message(text: string): void {
    const nowMs = this.#scene.nowMs();
    if (this.#bearer.dialect === "legacy") this.#allowance.message(text, false, nowMs);
    else if (this.#postponed === null) this.#handle(text, true);
    else {
      this.#allowance.message(text, false, nowMs);
      this.#postponed.push(text);
      const units = this.#postponed.reduce((sum, { length }) => sum + length, 0);
      this.#isOverfull ||= this.#postponed.length > MAX_POSTPONED || units > MAX_MESSAGE_BYTES;
    }
    if (this.#isOverfull || this.#allowance.isExceeded) this.#mustClose = "it was sent more than is allowed";
  }

  /** @param isNew whether its message was not counted yet */
  #handle(text: string, isNew: boolean): void {
    const nowMs = this.#scene.nowMs();
    const frame = parseObject(text);
    const isFree = frame?.type === "ack" && this.#acknowledge(parseCursor(asObject(frame.data)?.cursor));
    if (isNew) this.#allowance.message(text, isFree, nowMs);
    else if (isFree) this.#allowance.refund(text);
    if (frame?.type === "emit") this.#allowance.emit(nowMs);
    if (frame?.type === "auth") this.#postponed = [];
  }

  #acknowledge(cursor: Cursor | undefined): boolean {
    if (!cursor || (cursor.epoch === ORIGIN.epoch && cursor.seq === ORIGIN.seq)) return false;
    this.#isOfAnotherEpoch ||= cursor.epoch !== this.#scene.log.cursor.epoch;
    this.#isBroken ||= cursor.seq > this.#ranges.position;
    if (cursor.seq > this.#scene.log.cursor.seq) this.#mustClose = "it was acknowledged what is not in the log";
    return !this.#isOfAnotherEpoch && this.#ranges.acknowledge(cursor.seq);
  }

  /** A token that it presented is checked; the hub is to hear of it next. */
  checked(result: Result<Rights>): void {
    const { log, nowMs, turnMs } = this.#scene;
    const isAnother = result.ok && result.value.sub !== this.rights.sub;
    if (this.rights.endMs <= nowMs()) this.#mustClose = "its rights had ended before the next were checked";
    else if (isAnother) this.#refusal = "unauthorized";
    else if (result.ok) this.rights.grant(result.value, log.cursor.seq, nowMs(), turnMs());
    else if (result.problem.code !== "keys_unavailable") this.#refusal = result.problem.code;
    if (this.#refusal !== null) this.#mustClose = "its token was refused";
    const postponed = this.#postponed ?? [];
    this.#postponed = null;
    for (const text of postponed) {
      if (this.#postponed === null) this.#handle(text, false);
      else (this.#postponed as string[]).push(text);
    }
  }

  sent(text: string): void {
    const frame = JSON.parse(text) as SentFrame;
    const code = frame.type === "reactor_error" ? frame.data?.code : undefined;
    if (frame.data?.close !== undefined && code !== undefined) this.#announced = frame.data.close;
    else {
      const overMs = this.#scene.nowMs() - this.rights.endMs;
      if (overMs >= 0) this.#accuse(`was sent a ${frame.type} ${overMs} ms after the end of its rights`);
      if (code === "token_expiring") this.#warned();
      for (const what of this.#ranges.frame(frame)) this.#accuse(what);
    }
  }

  #warned(): void {
    const turnMs = this.#scene.turnMs();
    if (this.rights.isFrom(turnMs) && turnMs !== this.#attachedMs) return; // that was the token before
    const tooSoonMs = this.rights.warnMs - this.#scene.dueMs() - TOGETHER_MS;
    if (this.#bearer.dialect === "legacy") this.#accuse("was sent a frame that its dialect does not have");
    if (this.rights.isWarned) this.#accuse("was warned again that its token expires");
    if (tooSoonMs > 0) this.#accuse(`was warned ${tooSoonMs} ms too soon that its token expires`);
    this.rights.isWarned = true;
  }

  /** The hub closes it. @param isInTheWay another comes from its address, which has all of its sockets */
  closed(code: number, isInTheWay: boolean): void {
    const { dialect } = this.#bearer;
    const facts = {
      dialect,
      nowMs: this.#scene.dueMs(),
      endMs: this.rights.earliestEndMs(this.#scene.turnMs()),
      refusal: this.#refusal,
      isOverLimit: this.#isOverfull || this.#allowance.isReached,
      isBroken: this.#isBroken,
      isOfAnotherEpoch: this.#isOfAnotherEpoch,
      heardMs: this.#heardMs,
      pingMs: this.pingMs,
      mayBeNobody: isInTheWay && !this.#wasHeard,
      owesAck: this.#ranges.owesAck,
      buffered: this.#link.hubEnd.bufferedAmount ?? 0,
      replayBytes: this.#replayBytes(),
    };
    if (!hasCause(code, facts)) this.#accuse(`was closed with ${code}, for which there was no cause`);
    if (dialect === "v1" && this.#announced !== code) this.#accuse(`was closed with ${code}, and no frame said so`);
  }

  /** The turn is over, and the socket still open. */
  turnEnded(): void {
    if (this.#mustClose !== null) this.#accuse(`stayed open, though ${this.#mustClose}`);
    this.#mustClose = null;
  }

  #replayBytes(): number {
    const { cursor } = this.#bearer;
    if (cursor === null || this.#attachedMs !== this.#scene.turnMs()) return 0;
    return eventsIn(this.#scene.log, cursor.seq).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #accuse(what: string): void {
    this.#scene.accuse(`${this.#bearer.clientId} (${this.#bearer.dialect}) ${what}`);
  }
}
