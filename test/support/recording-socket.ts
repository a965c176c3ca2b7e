// A socket for core that records what it is sent, and on which sending can fail.
import type { Socket } from "../../src/core/fanout/socket.ts";
import { utf8Bytes } from "../../src/wire/utf8.ts";

export class RecordingSocket implements Socket {
  bufferedAmount = 0;
  /** Whether what is sent stays buffered, as if the peer does not read. */
  readsNothing = false;
  readonly sent: string[] = [];
  closed: { code: number; reason: string } | undefined;

  send(text: string): void {
    if (this.closed) throw new TypeError("Can't call WebSocket send() after close().");
    this.sent.push(text);
    if (this.readsNothing) this.bufferedAmount += utf8Bytes(text);
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever a frame holds, and fails where it does not
  frames(): any[] {
    return this.sent.map((text) => JSON.parse(text));
  }
}
