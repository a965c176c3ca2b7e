// How much memory workerd takes once V8 has collected what nobody holds: asked of V8 through the inspector, and of the system.
import { readFile } from "node:fs/promises";
import type { ChaosServer } from "../chaos/chaos-server.ts";

export interface Memory {
  /** Of the isolate in which the hub runs: its objects, what they hold outside of the heap, and buffers. */
  readonly heapBytes: number;
  /** Resident, of workerd as a whole; `null` where there is no /proc. */
  readonly residentBytes: number | null;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly embedderHeapUsedSize: number;
  readonly backingStorageSize: number;
}

/** One of the isolates of workerd, as the inspector lists them. */
interface Isolate {
  readonly id: string;
  readonly webSocketDebuggerUrl: string;
}

/** What has a finalizer goes with the next collection only. */
const COLLECTIONS = 3;

/** An isolate collects in its next turn; one that gets none out of so many requests has nothing to do with them. */
const TURNS = 50;

/**
 * Nothing is collected unless asked for: V8 lets garbage lie while there is room, also in the isolates that Miniflare puts
 * in front of the Worker's. A Worker that answers one letter then seems to grow by hundreds of MB in ten thousands of
 * requests, and by nothing once all of them have collected (measured).
 *
 * @param server started as `inspected`
 */
export async function measure(server: ChaosServer): Promise<Memory> {
  const isolates = (await (await fetch(`http://${await server.inspector()}/json`)).json()) as Isolate[];
  let heapBytes = 0;
  for (const { id, webSocketDebuggerUrl } of isolates) {
    const used = await collect(webSocketDebuggerUrl, server.url);
    if (id.startsWith("core:user:")) heapBytes = used.usedSize + used.embedderHeapUsedSize + used.backingStorageSize;
  }
  const resident = await Promise.all(server.processIds.map(residentBytes));
  const isKnown = resident.every((bytes) => bytes !== null);
  return { heapBytes, residentBytes: isKnown ? resident.reduce((sum, bytes) => sum + bytes, 0) : null };
}

async function collect(isolate: string, url: string): Promise<HeapUsage> {
  const inspector = new WebSocket(isolate);
  try {
    await new Promise((resolve, reject) => {
      inspector.addEventListener("open", resolve);
      inspector.addEventListener("error", reject);
    });
    for (let n = 1, isTaken = true; n <= COLLECTIONS && isTaken; n++) {
      isTaken = false;
      void ask(inspector, n, "HeapProfiler.collectGarbage").then(() => {
        isTaken = true;
      });
      for (let turn = 0; turn < TURNS && !isTaken; turn++) await (await fetch(`${url}/ws/stats`)).arrayBuffer();
    }
    return (await ask(inspector, 0, "Runtime.getHeapUsage")) as HeapUsage;
  } finally {
    inspector.close();
  }
}

/** A question in the Chrome DevTools Protocol. @throws if it is refused; an isolate without turns never answers some */
function ask(inspector: WebSocket, id: number, method: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const hear = ({ data }: MessageEvent) => {
      const answer = JSON.parse(String(data));
      if (answer.id !== id) return;
      inspector.removeEventListener("message", hear);
      if (answer.error) reject(new Error(`${method}: ${answer.error.message}`));
      else resolve(answer.result);
    };
    inspector.addEventListener("message", hear);
    inspector.send(JSON.stringify({ id, method }));
  });
}

async function residentBytes(processId: number): Promise<number | null> {
  const status = await readFile(`/proc/${processId}/status`, "utf8").catch(() => "");
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}
