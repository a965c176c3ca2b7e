// A socket for core that records what it is sent, and on which sending can fail.
import { inflateRawSync } from "node:zlib";
import type { Message, Socket } from "../../src/core/fanout/socket.ts";
import { utf8Bytes } from "../../src/wire/utf8.ts";

export class RecordingSocket implements Socket {
  bufferedAmount = 0;
  /** Whether what is sent stays buffered, as if the peer does not read. */
  readsNothing = false;
  /** What was sent, as text. */
  readonly sent: string[] = [];
  /** In what form, of each. */
  readonly messages: Message[] = [];
  closed: { code: number; reason: string } | undefined;

  send(message: Message): void {
    if (this.closed) throw new TypeError("Can't call WebSocket send() after close().");
    this.messages.push(message);
    const isText = typeof message === "string";
    this.sent.push(isText ? message : inflateRawSync(message).toString());
    if (this.readsNothing) this.bufferedAmount += isText ? utf8Bytes(message) : message.byteLength;
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever a frame holds, and fails where it does not
  frames(): any[] {
    return this.sent.map((text) => JSON.parse(text));
  }
}
