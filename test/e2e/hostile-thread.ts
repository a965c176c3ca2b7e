// The hostile clients in a thread of their own, for `bench/rows/hostile.ts`: each of the 200 attacks, stays for a while,
// disconnects, and repeats, until the thread is ended. The thread throws if the hub does what it must not.
import { parentPort, workerData } from "node:worker_threads";
import { HostileClients } from "./hostile-clients.ts";

/** The `workerData` of the thread. */
export interface ThreadOptions {
  readonly port: number;
  /** May receive and emit `noise_*`. */
  readonly token: string;
  /** How long each stays connected after its attack. */
  readonly stayMs: number;
}

const { port, token, stayMs } = workerData as ThreadOptions;
const hostile = new HostileClients(port, token);
let attacks = 0;
parentPort?.on("message", () => parentPort?.postMessage(attacks));
await hostile.repeat(stayMs, () => attacks++);
