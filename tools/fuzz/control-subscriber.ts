// A well-behaved subscriber on the channel that is fuzzed: what it receives shows whether the hub still works.
import { API_KEY, type ChaosServer } from "../chaos/chaos-server.ts";
import { must } from "./target.ts";

const TIMEOUT_MS = 10_000;

export class ControlSubscriber {
  readonly #server: ChaosServer;
  readonly #socket: WebSocket;
  readonly #received = new Set<string>();
  #closed: string | null = null;
  #onChange = () => {};
  #emitted = 0;

  private constructor(server: ChaosServer, socket: WebSocket) {
    this.#server = server;
    this.#socket = socket;
    socket.addEventListener("close", ({ code }) => {
      this.#closed = `closed with ${code}`;
      this.#onChange();
    });
    socket.addEventListener("message", ({ data }) => {
      const { events = [] } = JSON.parse(String(data)) as { events?: { source: string; id: string }[] };
      for (const { source, id } of events) if (source === "control") this.#received.add(id);
      this.#onChange();
    });
  }

  static async join(server: ChaosServer): Promise<ControlSubscriber> {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws/stream?channel=fuzzed`, "reactor.v1");
    const subscriber = new ControlSubscriber(server, socket);
    await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
    return subscriber;
  }

  /** Emits an event, and waits until it arrives. @throws if it does not, or the connection is closed */
  async check(): Promise<void> {
    const id = String(++this.#emitted);
    const reply = await fetch(`${this.#server.url}/api/events?channel=fuzzed`, {
      method: "POST",
      headers: { Authorization: `Bearer ${API_KEY}`, "Content-Type": "application/json" },
      body: JSON.stringify({ type: "control_event", source: "control", id }),
    });
    must(reply.status === 200, `an event of another publisher is accepted, not answered ${reply.status}`);
    const deadline = AbortSignal.timeout(TIMEOUT_MS);
    while (!this.#received.has(id)) {
      must(this.#closed === null, `the connection of another subscriber stays open, not ${this.#closed}`);
      must(!deadline.aborted, "another subscriber receives what is emitted");
      await new Promise<void>((resolve) => {
        this.#onChange = resolve;
        deadline.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  close(): void {
    this.#socket.close();
  }
}
