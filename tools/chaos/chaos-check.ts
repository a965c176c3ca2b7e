// Chaos's judge, in the manner of Jepsen: what was acknowledged, what is in the log, and what each reader was told, in
// the order in which it was told. It shares no code with the hub: a judge that borrows from the accused finds nothing.

/** An event as a reader was told it, or as the log has it. */
export interface Told {
  readonly seq: number;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  /** Its data as JSON text. */
  readonly data: string;
  readonly timestamp: string;
}

/** An event whose place the hub named with 200: as it was sent, and that place. */
export type Acknowledged = Omit<Told, "timestamp">;

export interface ReaderRecord {
  readonly name: string;
  /** What it asked for; everything if empty. */
  readonly patterns: readonly string[];
  /** From the log's beginning. */
  readonly told: readonly Told[];
}

export const FAULTS_FOUND = ["lost", "doubled", "outOfOrder", "foreign", "changed"] as const;
type FaultFound = (typeof FAULTS_FOUND)[number];

export interface Verdict extends Readonly<Record<FaultFound, number>> {
  /** The first of what was found, a line each. */
  readonly findings: readonly string[];
}

const MAX_FINDINGS = 20;

/** @param log in its own order, from the beginning */
export function check(acks: readonly Acknowledged[], log: readonly Told[], readers: readonly ReaderRecord[]): Verdict {
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
  for (const reader of readers) checkReader(reader, log, bySeq, note);
  return { ...found, findings };
}

type Note = (fault: FaultFound, text: string) => void;

function checkLog(log: readonly Told[], note: Note): void {
  const seqs = new Map<string, number>();
  for (const [index, event] of log.entries()) {
    if (event.seq !== index + 1) note("outOfOrder", `${nameOf(event)} is number ${index + 1} of the log`);
    const key = JSON.stringify([event.source, event.id]);
    if (seqs.has(key)) note("doubled", `${nameOf(event)} is in the log also as ${seqs.get(key)}`);
    seqs.set(key, event.seq);
  }
}

function checkReader(reader: ReaderRecord, log: readonly Told[], bySeq: ReadonlyMap<number, Told>, note: Note): void {
  const hears = hearer(reader.patterns);
  const seen = new Set<number>();
  let highest = 0;
  for (const event of reader.told) {
    const kept = bySeq.get(event.seq);
    const what = `${nameOf(event)} to ${reader.name}`;
    if (kept?.source !== event.source || kept.id !== event.id) note("foreign", `${what}, which is not in the log`);
    else if (!hears(event.type)) note("foreign", `${what}, which asked for ${reader.patterns}`);
    else if (!isEqual(kept, event)) note("changed", what);
    if (seen.has(event.seq)) note("doubled", what);
    else if (event.seq < highest) note("outOfOrder", `${what}, after ${highest}`);
    seen.add(event.seq);
    highest = Math.max(highest, event.seq);
  }
  for (const event of log) {
    if (hears(event.type) && !seen.has(event.seq)) note("lost", `${nameOf(event)} to ${reader.name}`);
  }
}

function hearer(patterns: readonly string[]): (type: string) => boolean {
  if (patterns.length === 0) return () => true;
  const parts = patterns.map((pattern) => pattern.replace(/[^\w*]/g, "\\$&").replaceAll("*", ".*"));
  const whole = new RegExp(`^(?:${parts.join("|")})$`);
  return (type) => whole.test(type);
}

export function isEqual(a: Told, b: Told): boolean {
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
