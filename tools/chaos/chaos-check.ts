// The checker of chaos, in the manner of Jepsen: compares what was acknowledged, what is in the log, and what each subscriber
// received, in order. It shares no code with the hub, so that no fault of the hub is in the checker too.

/** An event as a subscriber received it, or as the log has it. */
export interface ReceivedEvent {
  readonly seq: number;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  /** As JSON text. */
  readonly data: string;
  readonly timestamp: string;
}

/** An event that the hub acknowledged with 200: as it was sent, with its seq. */
export type Acknowledged = Omit<ReceivedEvent, "timestamp">;

export interface SubscriberRecord {
  readonly name: string;
  /** Its subscription; everything if empty. */
  readonly patterns: readonly string[];
  /** From the beginning of the log. */
  readonly received: readonly ReceivedEvent[];
  /** Whether it left before the head: what follows its last event is not missed. */
  readonly leftEarly?: boolean;
}

export const FAULTS_FOUND = ["lost", "doubled", "outOfOrder", "foreign", "changed"] as const;
type FaultFound = (typeof FAULTS_FOUND)[number];

export interface Verdict extends Readonly<Record<FaultFound, number>> {
  /** The first faults, one per line. */
  readonly findings: readonly string[];
}

const MAX_FINDINGS = 20;

/** @param log from the beginning, in order */
export function check(
  acks: readonly Acknowledged[],
  log: readonly ReceivedEvent[],
  subscribers: readonly SubscriberRecord[],
): Verdict {
  const found = { lost: 0, doubled: 0, outOfOrder: 0, foreign: 0, changed: 0 };
  const findings: string[] = [];
  const note = (fault: FaultFound, text: string) => {
    found[fault]++;
    if (findings.length < MAX_FINDINGS) findings.push(`${fault}: ${text}`);
  };
  const bySeq = new Map(log.map((event) => [event.seq, event]));
  checkLog(log, note);
  for (const ack of acks) {
    const kept = bySeq.get(ack.seq);
    if (kept?.source !== ack.source || kept.id !== ack.id) note("lost", `${nameOf(ack)} is not in the log`);
    else if (kept.type !== ack.type || kept.data !== ack.data) note("changed", `${nameOf(ack)} in the log`);
  }
  for (const subscriber of subscribers) checkSubscriber(subscriber, log, bySeq, note);
  return { ...found, findings };
}

type Note = (fault: FaultFound, text: string) => void;

function checkLog(log: readonly ReceivedEvent[], note: Note): void {
  const seqs = new Map<string, number>();
  for (const [index, event] of log.entries()) {
    if (event.seq !== index + 1) note("outOfOrder", `${nameOf(event)} is number ${index + 1} of the log`);
    const key = JSON.stringify([event.source, event.id]);
    if (seqs.has(key)) note("doubled", `${nameOf(event)} is also in the log as ${seqs.get(key)}`);
    seqs.set(key, event.seq);
  }
}

function checkSubscriber(
  subscriber: SubscriberRecord,
  log: readonly ReceivedEvent[],
  bySeq: ReadonlyMap<number, ReceivedEvent>,
  note: Note,
): void {
  const matches = matcher(subscriber.patterns);
  const seen = new Set<number>();
  let highest = 0;
  for (const event of subscriber.received) {
    const kept = bySeq.get(event.seq);
    const what = `${nameOf(event)} to ${subscriber.name}`;
    if (kept?.source !== event.source || kept.id !== event.id) note("foreign", `${what}, which is not in the log`);
    else if (!matches(event.type)) note("foreign", `${what}, which subscribed to ${subscriber.patterns}`);
    else if (!isEqual(kept, event)) note("changed", what);
    if (seen.has(event.seq)) note("doubled", what);
    else if (event.seq < highest) note("outOfOrder", `${what}, after ${highest}`);
    seen.add(event.seq);
    highest = Math.max(highest, event.seq);
  }
  for (const event of log) {
    if (subscriber.leftEarly && event.seq > highest) break;
    if (matches(event.type) && !seen.has(event.seq)) note("lost", `${nameOf(event)} to ${subscriber.name}`);
  }
}

function matcher(patterns: readonly string[]): (type: string) => boolean {
  if (patterns.length === 0) return () => true;
  const parts = patterns.map((pattern) => pattern.replace(/[^\w*]/g, "\\$&").replaceAll("*", ".*"));
  const whole = new RegExp(`^(?:${parts.join("|")})$`);
  return (type) => whole.test(type);
}

export function isEqual(a: ReceivedEvent, b: ReceivedEvent): boolean {
  return (
    a === b ||
    (a.seq === b.seq &&
      a.source === b.source &&
      a.id === b.id &&
      a.type === b.type &&
      a.data === b.data &&
      a.timestamp === b.timestamp)
  );
}

function nameOf({ seq, type, source, id }: Acknowledged): string {
  return `${seq} (${type}, ${source} ${id})`;
}
