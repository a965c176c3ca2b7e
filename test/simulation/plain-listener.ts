// A listener of v1 that was written with any WebSocket library: it takes what comes, acknowledges what asks for it, and never
// says `ping`. Its library answers the protocol's own pings, which no object can see.
import { encodeAck } from "../../src/wire/client-frame.ts";
import { type Cursor, formatCursor, ORIGIN } from "../../src/wire/cursor.ts";
import { applyRange } from "../../src/wire/range.ts";
import { decodeServerFrame } from "../../src/wire/server-frame.ts";
import type { LegacyPagePorts } from "./legacy-page.ts";
import type { PageSocket } from "./link.ts";

const MAX_WAIT_MS = 2_000;

export interface PlainPorts extends LegacyPagePorts {
  onGap(): void;
}

export class PlainListener {
  state: "connecting" | "connected" | "reconnecting" | "closed" = "reconnecting";
  #cursor: Cursor | undefined;
  readonly #ports: PlainPorts;
  #socket: PageSocket | undefined;

  constructor(ports: PlainPorts) {
    this.#ports = ports;
    this.#open();
  }

  get cursor(): string {
    return formatCursor(this.#cursor ?? ORIGIN);
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
    const socket = this.#ports.open(this.#cursor ? this.cursor : null);
    this.#socket = socket;
    this.state = "connecting";
    socket.addEventListener("message", ({ data }) => this.#socket === socket && this.#hear(String(data)));
    socket.addEventListener("close", ({ code }) => this.#socket === socket && this.#lose(code));
  }

  #hear(text: string): void {
    const frame = decodeServerFrame(text);
    if (frame?.type === "reactor_connected") {
      this.state = "connected";
      if (frame.data.recovered === null) this.#cursor = frame.cursor;
      this.#ports.onWelcome(this.cursor);
    } else if (frame?.type === "reactor_reset") {
      this.#cursor = frame.cursor;
      this.#ports.onReset(this.cursor);
    } else if (frame?.type === "reactor_events") {
      const applied = applyRange(this.#cursor ?? ORIGIN, frame);
      if (applied.gap) {
        this.#ports.onGap();
        return;
      }
      for (const { seq, type } of applied.events) if (seq !== undefined) this.#ports.onEvent(seq, type);
      this.#cursor = applied.cursor;
      if (frame.more) this.#socket?.send(encodeAck(frame.cursor));
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
