// A publisher of chaos: sends batches at a fixed rate, and retries each with the same ids until it is acknowledged.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { EmitReply } from "../demo/post-events.ts";
import type { Acknowledged } from "./chaos-check.ts";
import { seeded } from "./chaos-plan.ts";
import { API_KEY } from "./chaos-server.ts";

export interface Publication {
  readonly acks: Acknowledged[];
  requests: number;
  retries: number;
  duplicates: number;
  /** Requests that were answered 503 `log_unavailable`. */
  unavailable: number;
  /** The first answers that no fault outside the hub excuses, such as 500. */
  readonly failures: string[];
  /** Ends all retries: the faults are long over. */
  readonly giveUp: AbortSignal;
}

interface Sent {
  readonly type: string;
  readonly source: string;
  readonly id: string;
  readonly data: unknown;
}

const TYPES = ["a/one", "a/two", "b/one", "b/two", "c/one"];
const ANSWER_MS = 3_000; // on a frozen link the retry is sent while the first attempt may still arrive
const RETRY_MS = 150;
const MAX_FAILURES = 20;

/** Random data, since deflate would fit anything else into the kernel's buffers of 4 to 9 MB. */
const HEAVY = { type: "heavy", bytes: 45_000, batch: 10, batches: 54 };

/** Publishes until `stop`, and then finishes the current batch. */
export async function publish(
  name: string,
  url: string,
  perSecond: number,
  seed: number,
  publication: Publication,
  stop: AbortSignal,
): Promise<void> {
  const chance = seeded(seed);
  const began = performance.now();
  for (let sent = 0; !stop.aborted; ) {
    const batch = Array.from({ length: 20 + Math.floor(chance() * 31) }, (): Sent => {
      const type = TYPES[Math.floor(chance() * TYPES.length)] ?? "a/one";
      return {
        type,
        source: name,
        id: String(++sent),
        data: { n: sent, value: chance(), text: "é ✓ \u2028".repeat(3) },
      };
    });
    await sendUntilAcknowledged(url, batch, publication);
    const dueMs = began + (sent / perSecond) * 1000 - performance.now();
    if (dueMs > 0) await sleep(dueMs, undefined, { signal: stop }).catch(() => {});
  }
}

/** Emits 24 MB of events at once, which only subscribers to everything receive. */
export async function publishHeavy(url: string, publication: Publication): Promise<void> {
  for (let n = 0; n < HEAVY.batches; n++) {
    const batch = Array.from({ length: HEAVY.batch }, (_, index): Sent => {
      const data = randomBytes(HEAVY.bytes).toString("base64");
      return { type: HEAVY.type, source: HEAVY.type, id: `${n}.${index}`, data };
    });
    await sendUntilAcknowledged(url, batch, publication);
  }
}

async function sendUntilAcknowledged(url: string, batch: readonly Sent[], publication: Publication): Promise<void> {
  const body = JSON.stringify(batch);
  publication.requests++;
  while (!publication.giveUp.aborted) {
    const reply = await post(url, body, publication);
    if (reply) return acknowledge(batch, reply, publication);
    publication.retries++;
    await sleep(RETRY_MS);
  }
  noteFailure(`a batch of ${batch[0]?.source} was not acknowledged after the faults`, publication);
}

/** @returns `undefined` if a retry may succeed @throws if the hub refused the events: then no retry helps */
async function post(url: string, body: string, publication: Publication): Promise<EmitReply | undefined> {
  const headers = { Authorization: `Bearer ${API_KEY}`, "Content-Type": "application/json" };
  const signal = AbortSignal.timeout(ANSWER_MS);
  let status: number;
  let text: string;
  try {
    const response = await fetch(`${url}/api/events`, { method: "POST", headers, body, signal });
    status = response.status;
    text = await response.text();
  } catch {
    return undefined;
  }
  if (status === 200) return JSON.parse(text);
  if (status < 500) throw new Error(`the hub refused valid events: ${status} ${text.slice(0, 500)}`);
  if (status !== 503) noteFailure(`an emit was answered ${status}: ${text.slice(0, 500)}`, publication);
  else if (text.includes('"log_unavailable"')) publication.unavailable++;
  return undefined;
}

function noteFailure(failure: string, { failures }: Publication): void {
  if (failures.length < MAX_FAILURES) failures.push(failure);
}

function acknowledge(batch: readonly Sent[], { events }: EmitReply, publication: Publication): void {
  if (events.length !== batch.length) throw new Error(`${events.length} receipts for ${batch.length} events`);
  for (const [index, { type, source, data }] of batch.entries()) {
    const receipt = events[index] ?? { id: "", seq: 0, duplicate: false };
    publication.acks.push({ seq: receipt.seq, source, id: receipt.id, type, data: JSON.stringify(data) });
    if (receipt.duplicate) publication.duplicates++;
  }
}
