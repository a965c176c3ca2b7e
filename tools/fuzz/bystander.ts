// Somebody who only listens, on the channel that is tormented: what they hear says whether the hub minds its business.
import { API_KEY, type ChaosServer } from "../chaos/chaos-server.ts";
import { must } from "./target.ts";

const PATIENCE_MS = 10_000;

export class Bystander {
  readonly #server: ChaosServer;
  readonly #socket: WebSocket;
  readonly #heard = new Set<string>();
  #closed: string | null = null;
  #told = () => {};
  #asked = 0;

  private constructor(server: ChaosServer, socket: WebSocket) {
    this.#server = server;
    this.#socket = socket;
    socket.addEventListener("close", ({ code }) => {
      this.#closed = `closed with ${code}`;
      this.#told();
    });
    socket.addEventListener("message", ({ data }) => {
      const { events = [] } = JSON.parse(String(data)) as { events?: { source: string; id: string }[] };
      for (const { source, id } of events) if (source === "bystander") this.#heard.add(id);
      this.#told();
    });
  }

  static async join(server: ChaosServer): Promise<Bystander> {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws/stream?channel=fuzzed`, "reactor.v1");
    const bystander = new Bystander(server, socket);
    await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
    return bystander;
  }

  /** Emits an event, and waits until it was heard. @throws where it was not, or the connection is gone */
  async ask(): Promise<void> {
    const id = String(++this.#asked);
    const reply = await fetch(`${this.#server.url}/api/events?channel=fuzzed`, {
      method: "POST",
      headers: { Authorization: `Bearer ${API_KEY}`, "Content-Type": "application/json" },
      body: JSON.stringify({ type: "bystander_asks", source: "bystander", id }),
    });
    must(reply.status === 200, `an event of somebody else's is taken, and not answered ${reply.status}`);
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    while (!this.#heard.has(id)) {
      must(this.#closed === null, `a bystander's connection stays, and is not ${this.#closed}`);
      must(!deadline.aborted, "a bystander hears what is emitted");
      await new Promise<void>((resolve) => {
        this.#told = resolve;
        deadline.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  leave(): void {
    this.#socket.close();
  }
}
