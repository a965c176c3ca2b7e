// Calls a hub. The platform may interrupt it: for a deploy, over its memory, or because its disk does not take what it wrote.
// Every call in progress then fails with an error that is marked, or that says nothing: it is no fault of ours.
import type { TokenIdentity } from "../core/access/revocations.ts";
import type { Refusals } from "../core/counts/counts.ts";
import { quoted } from "../core/printable.ts";
import { columnsOf } from "../hub/draft-columns.ts";
import type { Hub } from "../hub/hub.ts";
import type { Draft } from "../wire/draft.ts";
import { err, ok, type Result } from "../wire/problem.ts";
import type { ChannelStub } from "./channel-stub.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { countedByHub, putBackRefusals, takeRefusals } from "./refusals.ts";

/** https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
const MARKS = ["durableObjectReset", "retryable", "overloaded"] as const;

/** What fails in the platform itself, such as a database that is damaged, has no mark; its own log has the cause. */
const INTERNAL = /^internal error(; reference = \w+)?$/;

/** @param refusals those of the Worker: `act` MUST hand them on with its call */
type Act<T> = (hub: DurableObjectStub<Hub>, refusals: Refusals | undefined) => Promise<T>;

/** What a call came to. `null`: it was interrupted, and may be tried again; `false`: the hub has too much to do, and may not. */
type Outcome<T> = { readonly value: T } | null | false;

const breaker = new CircuitBreaker();

/** Calls a hub for what may be done twice. @returns what `act` returns, or `log_unavailable` @throws an error that is not the platform's */
export async function callHub<T>(channel: ChannelStub, env: Cloudflare.Env, act: Act<T>): Promise<Result<T>> {
  const outcome = await tryTwice(channel, env, act);
  if (outcome) return ok(outcome.value);
  return err("log_unavailable", "The hub of this channel was interrupted: try again in some seconds.");
}

/** The same for what returns a result itself. */
export async function callHubForResult<T>(
  channel: ChannelStub,
  env: Cloudflare.Env,
  act: Act<Result<T>>,
): Promise<Result<T>> {
  const called = await callHub(channel, env, act);
  return called.ok ? counted(called.value) : called;
}

/**
 * Emits. Where emits are interrupted one after the other, the next are held back for a while: they may be the reason, as on a
 * full disk, and each interruption drops all sockets of the channel.
 *
 * @param token of the publisher, if it has one
 * @returns the receipt as JSON text, why it was refused, or `log_unavailable` @throws an error that is not the platform's
 */
export async function emitTo(
  channel: ChannelStub,
  env: Cloudflare.Env,
  drafts: readonly Draft[],
  token?: TokenIdentity,
): Promise<Result<string>> {
  const beganMs = Date.now();
  const waitMs = breaker.waitMs(channel.name, beganMs);
  if (waitMs > 0) {
    const why = "The last emits into this channel interrupted its hub, which could not store them. Nothing was stored";
    const retry_after = Math.ceil(waitMs / 1_000);
    const detail = `${why}: try again in ${retry_after} s.`;
    return { ok: false, problem: { code: "log_unavailable", detail, retry_after } };
  }
  const columns = columnsOf(drafts);
  const emit: Act<Result<string>> = async (hub, refusals) => await hub.emit(columns, token, refusals);
  const isRepeatable = drafts.every(({ id }) => id !== undefined); // else an event might be stored twice
  const outcome = isRepeatable ? await tryTwice(channel, env, emit) : await tryOnce(channel.name, channel.hub, emit);
  if (outcome) {
    breaker.succeeded(channel.name);
    return counted(outcome.value);
  }
  if (outcome === null) breaker.failed(channel.name, beganMs, Date.now());
  const again = "Send them again; an event with an id is not stored twice.";
  return err(
    "log_unavailable",
    `The hub was interrupted before it answered: the events may be stored or not. ${again}`,
  );
}

function counted<T>(result: Result<T>): Result<T> {
  if (!result.ok) countedByHub(result.problem);
  return result;
}

/** The second time with a stub of its own: one whose call has failed may stay broken. */
async function tryTwice<T>(channel: ChannelStub, env: Cloudflare.Env, act: Act<T>): Promise<Outcome<T>> {
  const first = await tryOnce(channel.name, channel.hub, act);
  return first === null ? await tryOnce(channel.name, env.HUB.getByName(channel.name), act) : first;
}

async function tryOnce<T>(name: string, hub: DurableObjectStub<Hub>, act: Act<T>): Promise<Outcome<T>> {
  const refusals = takeRefusals(name);
  try {
    return { value: await act(hub, refusals) };
  } catch (error) {
    const { message = "" } = error instanceof Error ? error : {};
    const marks = MARKS.filter((mark) => (error as { readonly [mark]?: unknown } | null)?.[mark] === true);
    if (marks.length === 0 && !INTERNAL.test(message)) throw error;
    putBackRefusals(name, refusals);
    // Without its stack: at a deploy every channel has one.
    console.warn(`The hub of channel ${name} was interrupted (${marks.join(", ") || "unmarked"}): ${quoted(message)}`);
    return marks.includes("overloaded") ? false : null;
  }
}
