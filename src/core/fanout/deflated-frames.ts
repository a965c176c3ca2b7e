// The compressed form of frames: each is compressed once for all the sockets that are sent it, be they a group or several readers
// of one page. The runtime's own compression, negotiated with each socket, does it again for each.
import type { Message } from "./socket.ts";

/**
 * So many sockets pay for it. Compressing takes 17 µs for 0.5 kB, 51 for 20 kB and 80 for a full frame, and sending to one socket
 * takes some 40 µs, whatever the size: for three of them it adds between a seventh and two thirds to the CPU, for one up to twice.
 */
const LEAST_READERS = 3;

/** In UTF-16 units. Shorter frames, such as an empty one (71), lose next to nothing. */
const LEAST_LENGTH = 128;

/** What is compressed in one turn: 1 MiB takes some 3 ms. What else the turn sends is text. */
const TURN_BYTES = 1024 * 1024;

/** What a frame counts for at least: the 17 µs of a short one would compress as much of a long one. */
const LEAST_COST = 8 * 1024;

/** Of frames that were sent lately, which others may be sent, too: 60 pages, for readers that came back together. */
const KEPT_BYTES = 2 * 1024 * 1024;

interface Frame {
  /** How many sockets were sent it. */
  readers: number;
  readonly bytes: number;
  /** `undefined`: it was not compressed. */
  deflated: Uint8Array | undefined;
}

export class DeflatedFrames {
  readonly #deflate: (text: string) => Uint8Array;
  /** By their text, the oldest first. */
  readonly #frames = new Map<string, Frame>();
  #kept = 0;
  #left = TURN_BYTES;

  /** @param deflate compresses a text, in UTF-8, as one raw stream of RFC 1951 */
  constructor(deflate: (text: string) => Uint8Array) {
    this.#deflate = deflate;
  }

  /** MUST be called at the beginning of each turn that sends to many. */
  beginTurn(): void {
    this.#left = TURN_BYTES;
  }

  /**
   * @param bytes of `text` in UTF-8, at most
   * @param readers how many sockets that can inflate are sent it now
   * @returns what they are sent: its compressed form, or where that does not pay, the text
   */
  formFor(text: string, bytes: number, readers: number): Message {
    if (text.length < LEAST_LENGTH) return text;
    const frame = this.#frames.get(text) ?? this.#keep(text, bytes);
    frame.readers += readers;
    const cost = Math.max(bytes, LEAST_COST);
    if (frame.deflated === undefined && frame.readers >= LEAST_READERS && this.#left >= cost) {
      this.#left -= cost;
      frame.deflated = this.#deflate(text);
    }
    return frame.deflated ?? text;
  }

  #keep(text: string, bytes: number): Frame {
    const frame = { readers: 0, bytes, deflated: undefined };
    this.#frames.set(text, frame);
    this.#kept += bytes;
    for (const [oldest, { bytes: freed }] of this.#frames) {
      if (this.#kept <= KEPT_BYTES) break;
      this.#frames.delete(oldest);
      this.#kept -= freed;
    }
    return frame;
  }
}
