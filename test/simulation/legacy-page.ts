// A legacy page of a simulation: takes each frame as it comes, keeps the cursor that it bore, and comes back with it.
import type { ManualClock } from "../support/manual-ports.ts";
import type { PageSocket } from "./link.ts";

const PING_MS = 25_000;
const MAX_WAIT_MS = 2_000;

export interface LegacyPagePorts {
  open(cursor: string | null): PageSocket;
  readonly clock: ManualClock;
  random(): number;
  onEvent(seq: number, type: string): void;
  /** @param cursor where it is then */
  onWelcome(cursor: string): void;
  onReset(cursor: string): void;
}

export class LegacyPage {
  state: "connecting" | "connected" | "reconnecting" | "closed" = "reconnecting";
  cursor = "";
  readonly #ports: LegacyPagePorts;
  #socket: PageSocket | undefined;

  constructor(ports: LegacyPagePorts) {
    this.#ports = ports;
    this.#open();
  }

  /** Sends anything. */
  say(message: string | ArrayBuffer): void {
    if (this.state === "connected") this.#socket?.send(message);
  }

  close(): void {
    this.#socket?.close(1000);
    this.#socket = undefined;
    this.state = "closed";
  }

  #open(): void {
    if (this.state === "closed") return;
    const socket = this.#ports.open(this.cursor || null);
    this.#socket = socket;
    this.state = "connecting";
    socket.addEventListener("message", ({ data }) => this.#socket === socket && this.#hear(String(data)));
    socket.addEventListener("close", ({ code }) => this.#socket === socket && this.#lose(code));
    this.#ping(socket);
  }

  /** As the legacy client did, whatever it hears. */
  #ping(socket: PageSocket): void {
    this.#ports.clock.after(PING_MS, () => {
      if (this.#socket !== socket) return;
      socket.send("ping");
      this.#ping(socket);
    });
  }

  #hear(text: string): void {
    if (text === "pong") return;
    const { type, seq, cursor, data } = JSON.parse(text);
    if (type === "reactor_connected") {
      this.state = "connected";
      if (data.recovered === null) this.cursor = data.cursor;
      this.#ports.onWelcome(this.cursor);
    } else if (type === "reactor_reset") {
      this.#ports.onReset(data.cursor);
      this.cursor = data.cursor;
    } else if (cursor !== undefined) {
      if (seq !== undefined) this.#ports.onEvent(seq, type);
      this.cursor = cursor;
    }
  }

  #lose(code: number): void {
    this.#socket?.close(code);
    this.#socket = undefined;
    if (this.state === "closed") return;
    this.state = "reconnecting";
    this.#ports.clock.after(this.#ports.random() * MAX_WAIT_MS, () => this.#open());
  }
}
