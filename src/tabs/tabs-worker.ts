// The worker that holds the connection for all tabs of an app, which hosts this file: `new SharedWorker(new URL(…))`.
import { ConnectionHolder } from "./connection-holder.ts";
import { PromptTimers } from "./prompt-timers.ts";
import { browserTabsPorts } from "./tabs-ports.ts";
import type { ToWorker } from "./worker-link.ts";

const holders = new Map<string, ConnectionHolder>();
const timers = new PromptTimers(browserTabsPorts);
const ports = { ...browserTabsPorts, after: timers.after };

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  port?.addEventListener("message", ({ data }) => {
    const { key, stream, share, message } = data as ToWorker;
    timers.nudge();
    const holder = holders.get(key) ?? new ConnectionHolder(stream, { share }, ports);
    holders.set(key, holder);
    holder.hear(message, (reply) => port.postMessage(reply));
  });
  port?.start();
});
