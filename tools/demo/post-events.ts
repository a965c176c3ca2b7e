// POSTs events as a careful backend does: retries temporary failures with the same ids, and reports the others.
import { setTimeout as sleep } from "node:timers/promises";

export interface EmitReply {
  readonly cursor: string;
  readonly events: readonly { readonly id: string; readonly seq: number; readonly duplicate: boolean }[];
}

export interface EmitTarget {
  readonly url: string;
  readonly key: string;
  /** Called before each wait. */
  onRetry?(why: string, waitMs: number): void;
}

/** The hub refused, or did not answer any retry: the message says what to do about it. */
export class EmitError extends Error {}

const TRIES = 8;
const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 5_000;

/** Codes of 503 that no retry fixes: the operator has to set a variable. */
const PERMANENT = new Set(["emit_not_configured", "reactor_disabled"]);

/** @throws EmitError */
export async function postEvents(
  events: readonly unknown[],
  target: EmitTarget,
  signal?: AbortSignal,
): Promise<EmitReply> {
  const body = JSON.stringify(events);
  for (let tried = 1; ; tried++) {
    const outcome = await tryOnce(body, target, signal);
    if (outcome.ok) return outcome.reply;
    if (!outcome.isTemporary || tried === TRIES) throw new EmitError(outcome.why);
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (tried - 1), MAX_WAIT_MS);
    target.onRetry?.(outcome.why, waitMs);
    await sleep(waitMs, undefined, { signal });
  }
}

type Outcome = { ok: true; reply: EmitReply } | { ok: false; why: string; isTemporary: boolean };

async function tryOnce(body: string, { url, key }: EmitTarget, signal?: AbortSignal): Promise<Outcome> {
  let response: Response;
  let text: string;
  try {
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    response = await fetch(url, { method: "POST", headers, body, signal: signal ?? null });
    text = await response.text();
  } catch (error) {
    return { ok: false, isTemporary: true, why: `no answer from ${url} (${reasonOf(error)})` };
  }
  const answer = parse(text);
  if (response.ok && Array.isArray(answer?.events)) return { ok: true, reply: answer as unknown as EmitReply };
  const reason = answer?.code ? `${answer.code}: ${answer.detail}` : `not a hub's answer: ${text.slice(0, 200)}`;
  const isTemporary = (response.status >= 500 && !PERMANENT.has(String(answer?.code))) || response.status === 429;
  return { ok: false, isTemporary, why: `${response.status} from ${url}\n${reason}` };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code ?? String(error);
}
