// A socket of a simulation, both of its ends: the network between them is slow, freezes, and breaks without a word.

import { inflateRawSync } from "node:zlib";
import type { ClientSocket, Close } from "../../src/client/connection/ports.ts";
import type { Message, Socket } from "../../src/core/fanout/socket.ts";
import type { ManualClock } from "../support/manual-ports.ts";
import { Pipe } from "./pipe.ts";

/** A message, or the code with which an end closes, in either direction. */
export type Item = Up | Uint8Array;

/** What a client sends. */
export type Up = string | ArrayBuffer | number;

/** The client's end: no library keeps a client from sending bytes. */
export interface PageSocket extends ClientSocket {
  send(message: string | ArrayBuffer): void;
}

export interface LinkEnds {
  /** Is called with what arrives at the hub's end. */
  toHub(item: Up): void;
  /** Is called with what the hub sends, as it does. */
  onSend(text: string): void;
  /** Is called when the hub closes it. */
  onClose(code: number): void;
}

export class Link {
  readonly #clock: ManualClock;
  readonly #random: () => number;
  readonly #onMessage: ((message: { readonly data: unknown }) => void)[] = [];
  readonly #onClose: ((close: Close) => void)[] = [];
  readonly #down: Pipe<Item>;
  readonly #up: Pipe<Up>;
  readonly #ends: LinkEnds;
  #hasPinged = false;
  /** The code with which the hub closed it. */
  closedWith: number | undefined;
  /** Whether the hub's end knows that the client has left. */
  isLeft = false;

  constructor(clock: ManualClock, random: () => number, ends: LinkEnds) {
    this.#clock = clock;
    this.#random = random;
    this.#ends = ends;
    this.#down = new Pipe(clock, random, (item) => this.#toClient(item));
    this.#up = new Pipe(clock, random, (item) => {
      this.#hasPinged ||= item === "ping";
      this.#toHub(item);
    });
  }

  readonly clientEnd: PageSocket = {
    // biome-ignore lint/suspicious/noExplicitAny: one body for the interface's overloads
    addEventListener: (type: "message" | "close" | "open" | "error", listener: (event?: any) => void) => {
      if (type === "open") this.#clock.after(0, listener);
      else if (type !== "error") (type === "message" ? this.#onMessage : this.#onClose).push(listener);
    },
    send: (message) => this.#up.push(message),
    close: (code) => this.#up.push(code),
  };

  readonly hubEnd: Socket = Object.defineProperty(
    {
      bufferedAmount: 0,
      send: (message: Message) => {
        this.#ends.onSend(typeof message === "string" ? message : inflateRawSync(message).toString());
        this.#down.push(message);
      },
      close: (code: number) => {
        if (this.closedWith === undefined) this.#ends.onClose(code);
        this.answer(code);
      },
    },
    "bufferedAmount",
    { get: () => this.#down.underWay.reduce<number>((sum, item) => sum + sizeOf(item), 0) },
  );

  /** Closes the hub's end for another reason than the hub's: its Worker refuses, or the client's close is answered. */
  answer(code: number): void {
    this.closedWith ??= code;
    this.#down.push(code);
  }

  freeze(): void {
    this.#down.freeze();
    this.#up.freeze();
  }

  thaw(): void {
    this.#down.thaw();
    this.#up.thaw();
  }

  /**
   * The client's end notices after a while. The hub's may never, where the client has pinged: its silence then tells. Of one
   * that never did the platform tells, in the end.
   */
  cut(): void {
    this.#down.break();
    this.#up.break();
    this.#clock.after(this.#random() * 500, () => this.#toClient(1006));
    const isSoon = this.#random() < 0.5;
    if (isSoon || !this.#hasPinged)
      this.#clock.after(this.#random() * (isSoon ? 5_000 : 120_000), () => this.#toHub(1006));
  }

  #toHub(item: Up): void {
    this.isLeft ||= typeof item === "number";
    this.#ends.toHub(item);
  }

  #toClient(item: Item): void {
    if (typeof item === "number") for (const listener of this.#onClose) listener({ code: item, reason: "" });
    else for (const listener of this.#onMessage) listener({ data: item });
  }
}

function sizeOf(item: Item): number {
  return typeof item === "object" ? item.byteLength : String(item).length;
}
