// What is wrong in a world that has healed: nothing, if a hub keeps its promises.
import type { Patterns } from "../../src/wire/pattern.ts";
import { matchesType } from "../../src/wire/type-match.ts";
import type { Citizen } from "./citizen.ts";
import type { World } from "./world.ts";

/** A token that a jump of the clock has aged twice in so short a time leaves its client without anything to ask. */
const JUMP_EXCUSES_MS = 120_000;

const hears = (patterns: Patterns, type: string) =>
  patterns === null || patterns.some((each) => matchesType(each, type));

export function judge(world: World): string[] {
  const { host, citizens } = world;
  const wrong = [...host.wrong, ...judgeLog(world)];
  for (const error of host.listeners.failed) {
    if (!host.reports.includes(error)) wrong.push(`${error.message} was not reported`);
  }
  if (host.listeners.endless !== 0)
    wrong.push(`${host.listeners.endless} listeners never ended, and were not reported`);
  const types = new Map(host.log.appended.map(({ seq, type }) => [seq, type]));
  for (const [n, citizen] of citizens.entries()) {
    const found = [...judgeState(world, citizen), ...judgeTaken(citizen, types)];
    wrong.push(...found.map((what) => `${n}, ${citizen.kind}, ${what}`));
  }
  return wrong;
}

function judgeLog({ host, acknowledged, refused }: World): string[] {
  const wrong: string[] = [];
  const places = new Map(host.log.appended.map(({ id, seq }) => [id, seq]));
  if (places.size !== host.log.cursor.seq) wrong.push(`${places.size} events have ${host.log.cursor.seq} places`);
  for (const [id, seq] of acknowledged) {
    if (places.get(id) !== seq) wrong.push(`${id} was acknowledged as ${seq}, and is ${places.get(id)}`);
  }
  // Behind that an earlier copy may have come, which was stuck on a broken connection.
  for (const [id, head] of refused) {
    const seq = places.get(id);
    if (seq !== undefined && seq <= head) wrong.push(`${id} was refused, and is ${seq}`);
  }
  return wrong;
}

function judgeState({ host }: World, { kind, reactor, gaps, isElsewhere, closedMs }: Citizen): string[] {
  const { epoch, seq } = host.log.cursor;
  const wrong = gaps > 0 ? [`saw ${gaps} gaps`] : [];
  const isOver =
    isElsewhere ||
    kind.includes("string") ||
    (kind.includes("function") && host.wall.jumpedBefore(closedMs, JUMP_EXCUSES_MS));
  if (isOver && reactor.state === "closed") return wrong;
  if (reactor.state !== "connected") wrong.push(`is ${reactor.state}`);
  if (reactor.cursor !== `${epoch}.${seq}`) wrong.push(`is at ${reactor.cursor}`);
  return wrong;
}

/** What all of a client's tokens let it hear it is owed; what none does it may not take. Of the rest the host sees to the moment. */
function judgeTaken(
  { reactor, asked, rights, start, taken, lost }: Citizen,
  types: ReadonlyMap<number, string>,
): string[] {
  const wrong: string[] = [];
  const seqs = taken.map(({ seq }) => seq);
  if (seqs.some((seq, index) => index > 0 && seq <= (seqs[index - 1] ?? 0))) {
    wrong.push(`took ${seqs}, twice or out of order`);
  }
  const wants = (type: string) => asked.length === 0 || hears(asked, type);
  const end = reactor.state === "closed" ? (seqs.at(-1) ?? start) : Number.POSITIVE_INFINITY;
  const got = new Set(seqs);
  for (const [seq, type] of types) {
    const isExcused = seq <= start || seq > end || lost.some(({ after, to }) => seq > after && seq <= to);
    const isOwed = wants(type) && rights.every((each) => hears(each, type)) && !isExcused;
    if (isOwed && !got.has(seq)) wrong.push(`never took ${seq}, a ${type}`);
  }
  for (const { seq, type } of taken) {
    const may = rights.length === 0 || rights.some((each) => hears(each, type));
    if (!wants(type) || !may) wrong.push(`took ${seq}, a ${type}`);
  }
  return wrong;
}
