// A tab's way to a worker that holds the connection for all tabs: it goes on undisturbed while tabs freeze or crash. Each socket has a
// port of its own, made by a new SharedWorker: should the worker have ended, that begins it again.
import type { PromptTimers } from "./prompt-timers.ts";
import { randomName } from "./tab-group.ts";
import type { ToHolder, ToTab } from "./tab-message.ts";
import { TabSocket } from "./tab-socket.ts";
import type { TabsPorts } from "./tabs-ports.ts";

/** The part of a SharedWorker that is used. */
export interface WorkerLike {
  readonly port: Pick<MessagePort, "postMessage" | "addEventListener" | "start" | "close">;
  addEventListener(type: "error", listener: () => void): void;
}

/** What a worker hears: whose connection it is about, and what a tab says. */
export interface ToWorker {
  readonly key: string;
  readonly stream: string;
  readonly share: string | undefined;
  readonly message: ToHolder;
}

const [ASK_MS, ANSWER_MS] = [5_000, 3_000];

/** Its script has to be loaded first. */
const START_MS = 15_000;

export class WorkerLink {
  readonly #make: () => WorkerLike;
  readonly #ports: TabsPorts;
  readonly #timers: PromptTimers;
  readonly #onBroken: () => void;
  readonly #sockets = new Set<TabSocket>();
  #hasAnswered = false;

  /** @param onBroken is called if the worker cannot be started: the tabs do without */
  constructor(make: () => WorkerLike, ports: TabsPorts, timers: PromptTimers, onBroken: () => void) {
    this.#make = make;
    this.#ports = ports;
    this.#timers = timers;
    this.#onBroken = onBroken;
  }

  open(to: Omit<ToWorker, "message">, url: string, protocols: readonly string[]): TabSocket {
    const worker = this.#make();
    const { port } = worker;
    const socket = new TabSocket(randomName(this.#ports), url, protocols, () => {
      this.#sockets.delete(socket);
      stopAsking();
      port.close();
    });
    this.#sockets.add(socket);
    let stopAsking = () => {};
    let isAsked = false;
    socket.carry = (message) => port.postMessage({ ...to, message } satisfies ToWorker);
    const ask = (limitMs: number, isLastTime: boolean) => {
      const { session } = socket;
      isAsked = true;
      socket.carry({ kind: "ask", session });
      stopAsking = this.#timers.after(limitMs, () => {
        if (!isLastTime) {
          ask(ANSWER_MS, true); // if this tab was frozen, the answer is behind the timer
        } else if (this.#hasAnswered) {
          socket.drop(1006, "The worker does not answer.");
        } else this.#break();
      });
    };
    worker.addEventListener("error", () => this.#hasAnswered || this.#break());
    port.addEventListener("message", ({ data }) => {
      this.#hasAnswered = true;
      if (isAsked) {
        isAsked = false;
        stopAsking();
        stopAsking = this.#timers.after(ASK_MS, () => ask(ANSWER_MS, false));
      }
      this.#timers.nudge();
      socket.take(data as ToTab);
    });
    port.start();
    socket.knock();
    ask(START_MS, false);
    return socket;
  }

  sign(): void {
    for (const { carry, session } of this.#sockets) carry({ kind: "sign", session });
  }

  #break(): void {
    this.#onBroken();
    for (const socket of [...this.#sockets]) socket.drop(1006, "The worker could not be started.");
  }
}
