// POSTs events as a careful backend does: what may pass is tried again with the same ids, what may not is reported.
import { setTimeout as sleep } from "node:timers/promises";

export interface EmitReply {
  readonly cursor: string;
  readonly events: readonly { readonly id: string; readonly seq: number; readonly duplicate: boolean }[];
}

export interface EmitTarget {
  readonly url: string;
  readonly key: string;
  /** Told before each wait. */
  onRetry?(why: string, waitMs: number): void;
}

/** The hub refused, or did not come back: the message says what to do about it. */
export class EmitError extends Error {}

const TRIES = 8;
const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 5_000;

/** Answers 503 that no waiting mends: somebody has to set something first. */
const NOT_BY_WAITING = new Set(["emit_not_configured", "reactor_disabled"]);

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
    if (!outcome.mayPass || tried === TRIES) throw new EmitError(outcome.why);
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (tried - 1), MAX_WAIT_MS);
    target.onRetry?.(outcome.why, waitMs);
    await sleep(waitMs, undefined, { signal });
  }
}

type Outcome = { ok: true; reply: EmitReply } | { ok: false; why: string; mayPass: boolean };

async function tryOnce(body: string, { url, key }: EmitTarget, signal?: AbortSignal): Promise<Outcome> {
  let response: Response;
  let text: string;
  try {
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    response = await fetch(url, { method: "POST", headers, body, signal: signal ?? null });
    text = await response.text();
  } catch (error) {
    return { ok: false, mayPass: true, why: `no answer from ${url} (${reasonOf(error)})` };
  }
  const answer = parse(text);
  if (response.ok && Array.isArray(answer?.events)) return { ok: true, reply: answer as unknown as EmitReply };
  const said = answer?.code ? `${answer.code}: ${answer.detail}` : `not a hub's answer: ${text.slice(0, 200)}`;
  const mayPass = (response.status >= 500 && !NOT_BY_WAITING.has(String(answer?.code))) || response.status === 429;
  return { ok: false, mayPass, why: `${response.status} from ${url}\n${said}` };
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
