// The crowd in a thread of its own, for `bench/rows/hostile.ts`: each of the 200 does what they came for, stays for a
// while, goes, and comes back, until the thread is ended. A thread that throws has seen the hub do what it must not.
import { parentPort, workerData } from "node:worker_threads";
import { HostileCrowd } from "./hostile-crowd.ts";

/** What the thread is given. */
export interface Torment {
  readonly port: number;
  /** May hear `noise_*`, and emit it. */
  readonly token: string;
  /** How long each stays connected after what they did. */
  readonly stayMs: number;
}

const { port, token, stayMs } = workerData as Torment;
const crowd = new HostileCrowd(port, token);
let deeds = 0;
parentPort?.on("message", () => parentPort?.postMessage(deeds));
await crowd.torment(stayMs, () => deeds++);
