// A socket of a simulation, both of its ends: the network between them is slow, freezes, and breaks without a word.
import type { ClientSocket, Close } from "../../src/client/ports.ts";
import type { Socket } from "../../src/core/socket.ts";
import type { ManualClock } from "../doubles/manual-ports.ts";
import { Pipe } from "./pipe.ts";

/** A message, or the code with which an end closes. */
type Item = string | number;

export class Link {
  readonly #clock: ManualClock;
  readonly #random: () => number;
  readonly #onMessage: ((message: { readonly data: unknown }) => void)[] = [];
  readonly #onClose: ((close: Close) => void)[] = [];
  readonly #down: Pipe<Item>;
  readonly #up: Pipe<Item>;
  readonly #toHub: (item: Item) => void;

  /** @param toHub called with what arrives at the hub's end */
  constructor(clock: ManualClock, random: () => number, toHub: (item: Item) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#toHub = toHub;
    this.#down = new Pipe(clock, random, (item) => this.#toClient(item));
    this.#up = new Pipe(clock, random, toHub);
  }

  readonly clientEnd: ClientSocket = {
    // biome-ignore lint/suspicious/noExplicitAny: one body for the interface's two overloads
    addEventListener: (type: "message" | "close", listener: (event: any) => void) => {
      (type === "message" ? this.#onMessage : this.#onClose).push(listener);
    },
    send: (text) => this.#up.push(text),
    close: (code) => this.#up.push(code),
  };

  readonly hubEnd: Socket = Object.defineProperty(
    {
      bufferedAmount: 0,
      send: (text: string) => this.#down.push(text),
      close: (code: number) => this.#down.push(code),
    },
    "bufferedAmount",
    { get: () => this.#down.underWay.reduce<number>((sum, item) => sum + String(item).length, 0) },
  );

  freeze(): void {
    this.#down.freeze();
    this.#up.freeze();
  }

  thaw(): void {
    this.#down.thaw();
    this.#up.thaw();
  }

  /** The client's end notices after a while; the hub's perhaps never. */
  cut(): void {
    this.#down.break();
    this.#up.break();
    this.#clock.after(this.#random() * 500, () => this.#toClient(1006));
    if (this.#random() < 0.5) this.#clock.after(this.#random() * 5_000, () => this.#toHub(1006));
  }

  #toClient(item: Item): void {
    if (typeof item === "string") for (const listener of this.#onMessage) listener({ data: item });
    else for (const listener of this.#onClose) listener({ code: item, reason: "" });
  }
}
