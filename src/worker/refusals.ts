// What the Worker refuses by itself. No hub is called for that, and none may be woken: refusals are kept by channel, and handed on
// with the next call of its hub that there is anyway, which counts them (`core/counts`).
import type { Refusals } from "../core/counts/counts.ts";
import { isChannel } from "../wire/channel.ts";
import type { Problem, ProblemCode } from "../wire/problem.ts";

/** Of the channels in which something was refused last: names cost a client nothing. */
const MAX_CHANNELS = 256;

const byChannel = new Map<string, Refusals>();

/** What hubs have refused: they have counted it. */
const counted = new WeakSet<Problem>();

/** Counts a refusal of the Worker; one that a hub has returned is counted there. @param channel of the request, if it names one */
export function countRefusal(channel: unknown, problem: Problem): void {
  if (isChannel(channel) && !counted.has(problem)) keep(channel, { [problem.code]: 1 });
}

/** MUST be called with each problem that a hub returns. @returns it */
export function countedByHub(problem: Problem): Problem {
  counted.add(problem);
  return problem;
}

/** The same problem in other words. */
export function reworded(problem: Problem, detail: string): Problem {
  const other = { ...problem, detail };
  return counted.has(problem) ? countedByHub(other) : other;
}

/** Takes what is to be handed on, once. @returns `undefined`: nothing */
export function takeRefusals(channel: string): Refusals | undefined {
  const refusals = byChannel.get(channel);
  if (refusals !== undefined) byChannel.delete(channel);
  return refusals;
}

/** The call with which they were handed on was interrupted: the next one takes them. */
export function putBackRefusals(channel: string, refusals: Refusals | undefined): void {
  if (refusals !== undefined) keep(channel, refusals);
}

function keep(channel: string, refusals: Refusals): void {
  const sum: Partial<Record<ProblemCode, number>> = { ...byChannel.get(channel) };
  for (const [code, count] of Object.entries(refusals) as [ProblemCode, number][]) sum[code] = (sum[code] ?? 0) + count;
  byChannel.delete(channel); // so that it is the newest
  byChannel.set(channel, sum);
  const [oldest] = byChannel.keys();
  if (oldest !== undefined && byChannel.size > MAX_CHANNELS) byChannel.delete(oldest);
}
