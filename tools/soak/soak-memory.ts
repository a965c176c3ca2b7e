// The memory of workerd after garbage collection: read from V8 through the inspector, and from the system.
import { residentBytes } from "../process-use.ts";

export interface Memory {
  /** Of the isolate in which the hub runs: its objects, what they hold outside the heap, and buffers. */
  readonly heapBytes: number;
  /** Resident memory of workerd as a whole; `null` without /proc. */
  readonly residentBytes: number | null;
}

/** A workerd with an inspector. */
export interface InspectedServer {
  readonly url: string;
  readonly processIds: readonly number[];
  /** The address of V8's inspector, as `host:port`. */
  inspector(): Promise<string>;
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

/** Objects with a finalizer are freed only by the next collection. */
const COLLECTIONS = 3;

/** An isolate collects in its next turn; one that gets none from this many requests does not serve them. */
const TURNS = 50;

/**
 * Collects first: V8 keeps garbage while there is room, also in the isolates that Miniflare puts in front of the Worker's.
 * A Worker that answers one letter then seems to grow by hundreds of MB in tens of thousands of requests, and by nothing
 * after all isolates have collected (measured).
 *
 * @param isHubs whether an isolate, by its id, is the hub's
 */
export async function measure(server: InspectedServer, isHubs = isUsers): Promise<Memory> {
  const isolates = (await (await fetch(`http://${await server.inspector()}/json`)).json()) as Isolate[];
  let heapBytes = 0;
  for (const { id, webSocketDebuggerUrl } of isolates) {
    const used = await collect(webSocketDebuggerUrl, server.url);
    if (isHubs(id)) heapBytes = used.usedSize + used.embedderHeapUsedSize + used.backingStorageSize;
  }
  const resident = server.processIds.map(residentOrNull);
  const isKnown = resident.every((bytes) => bytes !== null);
  return { heapBytes, residentBytes: isKnown ? resident.reduce((sum, bytes) => sum + bytes, 0) : null };
}

/** Of those that Miniflare starts. */
const isUsers = (id: string) => id.startsWith("core:user:");

async function collect(isolate: string, url: string): Promise<HeapUsage> {
  const inspector = new WebSocket(isolate);
  try {
    await new Promise((resolve, reject) => {
      inspector.addEventListener("open", resolve);
      inspector.addEventListener("error", reject);
    });
    for (let n = 1, isCollected = true; n <= COLLECTIONS && isCollected; n++) {
      isCollected = false;
      void send(inspector, n, "HeapProfiler.collectGarbage").then(() => {
        isCollected = true;
      });
      for (let turn = 0; turn < TURNS && !isCollected; turn++) await (await fetch(`${url}/ws/stats`)).arrayBuffer();
    }
    return (await send(inspector, 0, "Runtime.getHeapUsage")) as HeapUsage;
  } finally {
    inspector.close();
  }
}

/** Sends a command of the Chrome DevTools Protocol. @throws if it is refused; an isolate without turns never answers some */
function send(inspector: WebSocket, id: number, method: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onMessage = ({ data }: MessageEvent) => {
      const answer = JSON.parse(String(data));
      if (answer.id !== id) return;
      inspector.removeEventListener("message", onMessage);
      if (answer.error) reject(new Error(`${method}: ${answer.error.message}`));
      else resolve(answer.result);
    };
    inspector.addEventListener("message", onMessage);
    inspector.send(JSON.stringify({ id, method }));
  });
}

function residentOrNull(pid: number): number | null {
  return process.platform === "linux" ? residentBytes({ pid }) : null;
}
