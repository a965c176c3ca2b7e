// What an attack sends: requests and sockets to one hub, and how many bytes that was.
import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type RawData, WebSocket } from "ws";

const CONNECT_AT_ONCE = 50;

const QUIET_MS = 500;

/** `reads`: acknowledges its pages. `stalls`: stops reading once it is welcomed. */
type Manner = "reads" | "stalls";

export interface SocketOptions {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly manner?: Manner;
  /** Is sent once it is welcomed, and its answer awaited. */
  readonly message?: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export class Traffic {
  sent = 0;
  /** Statuses, close codes and problems by how often they came. */
  readonly refusals = new Map<string, number>();
  readonly #port: number;
  readonly #key: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 200 });
  readonly #probes = new Agent({ keepAlive: true, maxSockets: 1 });
  #isQuiet = true;
  readonly #sockets: (WebSocket | Socket)[] = [];

  constructor(port: number, key: string) {
    this.#port = port;
    this.#key = key;
  }

  /** One of each: what the first of its kind costs is not the attack's. */
  async warmUp(): Promise<void> {
    const { status, text } = await this.emit([{ type: "warm.up", id: "w1", source: "attack" }]);
    if (status !== 200) throw new Error(`the hub under attack answers ${status}: ${text}`);
    for (const path of ["/api/events", "/ws/status", "/ws/health"]) await this.ask("GET", path);
    await this.open(1, () => ({ query: "cursor=0.0" }));
  }

  async probe(): Promise<void> {
    await this.#ask("POST", "/api/events", JSON.stringify({ type: "probe" }), this.#probes);
  }

  emit(events: readonly unknown[]): Promise<Answer> {
    return this.ask("POST", "/api/events", JSON.stringify(events));
  }

  async ask(method: string, path: string, body = ""): Promise<Answer> {
    this.sent += body.length + path.length;
    const answer = await this.#ask(method, path, body, this.#agent).catch(closedEarly);
    if (answer.status !== 200) this.#refused(`${answer.status} ${/"code":"(\w+)"/.exec(answer.text)?.[1] ?? ""}`);
    return answer;
  }

  /** Opens sockets, some at a time, each welcomed and answered. They stay until `end`. */
  async open(count: number, optionsOf: (index: number) => SocketOptions): Promise<void> {
    const indexes = Array.from({ length: count }, (_, index) => index);
    const lane = async () => {
      for (let index = indexes.shift(); index !== undefined; index = indexes.shift())
        await this.#open(optionsOf(index));
    };
    await Promise.all(Array.from({ length: CONNECT_AT_ONCE }, lane));
  }

  /** A POST whose body stops in the middle. */
  async beginBody(length: number): Promise<void> {
    const socket = connect(this.#port, "127.0.0.1");
    this.#sockets.push(socket);
    socket.on("error", () => {});
    await once(socket, "connect");
    const head = [
      "POST /api/events HTTP/1.1",
      "Host: 127.0.0.1",
      `Authorization: Bearer ${this.#key}`,
      "Content-Type: application/json",
      "Transfer-Encoding: chunked",
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n${length.toString(16)}\r\n${" ".repeat(length)}\r\n`);
    this.sent += length;
  }

  get refused(): number {
    return [...this.refusals.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Once no socket has received anything for a while: each has what it was to get. */
  async quiet(): Promise<void> {
    do {
      this.#isQuiet = true;
      await sleep(QUIET_MS);
    } while (!this.#isQuiet);
  }

  /** Once the runtime has put hubs to sleep of which nothing is asked: after 10 s. */
  hubsSleep(): Promise<void> {
    return sleep(12_000);
  }

  /** The epoch of the log. */
  async epoch(): Promise<string> {
    const { text } = await this.ask("GET", "/api/events?last=1");
    return /"cursor":"(\w+)\./.exec(text)?.[1] ?? "";
  }

  end(): void {
    for (const socket of this.#sockets) {
      if (socket instanceof WebSocket) socket.terminate();
      else socket.destroy();
    }
    this.#agent.destroy();
    this.#probes.destroy();
  }

  #refused(what: string): void {
    this.refusals.set(what, (this.refusals.get(what) ?? 0) + 1);
  }

  async #open({ query = "", headers = {}, manner = "reads", message }: SocketOptions): Promise<void> {
    const url = `ws://127.0.0.1:${this.#port}/ws/stream?${query}`;
    const socket = new WebSocket(url, ["reactor.v1"], { headers, perMessageDeflate: false });
    this.#sockets.push(socket);
    this.sent += url.length + (message?.length ?? 0);
    let answers = message === undefined ? 1 : 2;
    const ready = new Promise<void>((resolve) => {
      socket.on("error", () => resolve());
      socket.on("close", (code) => {
        this.#refused(`close ${code}`);
        resolve();
      });
      socket.on("message", (data: RawData) => {
        const text = String(data);
        if (!text.startsWith('{"type":"reactor_heartbeat"') && !text.includes('"type":"probe"')) this.#isQuiet = false;
        if (text.startsWith('{"type":"reactor_connected"') && message !== undefined) socket.send(message);
        if (text.startsWith('{"type":"reactor_error"')) this.#refused(/"code":"(\w+)"/.exec(text)?.[1] ?? "");
        if (/^\{"type":"reactor_(connected|subscribed|error)"/.test(text) && --answers === 0) {
          if (manner === "stalls") socket.pause();
          resolve();
        }
        const cursor = text.endsWith(',"more":true}') ? /"cursor":"([^"]+)"/.exec(text)?.[1] : undefined;
        if (cursor && manner === "reads") socket.send(`{"type":"ack","data":{"cursor":"${cursor}"}}`);
      });
    });
    await Promise.race([ready, sleep(30_000, undefined, { ref: false })]);
  }

  #ask(method: string, path: string, body: string, agent: Agent): Promise<Answer> {
    const headers = { Authorization: `Bearer ${this.#key}`, "Content-Type": "application/json" };
    return new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: this.#port, method, path, agent, headers }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => {
          if (text.length < 1_000) text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", reject);
      });
      asked.on("error", reject);
      asked.end(body);
    });
  }
}

/** A request that is refused before its body was read is answered, and its connection closed: which of both comes first is chance. */
function closedEarly(error: NodeJS.ErrnoException): Answer {
  if (error.code !== "EPIPE" && error.code !== "ECONNRESET") throw error;
  return { status: 0, text: "" };
}
