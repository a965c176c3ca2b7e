// The sockets of a simulated hub, which outlive its memory: how they arrive, what comes in on them, and who watches them.
import type { Rights } from "../../src/core/access/rights.ts";
import type { Broker } from "../../src/core/broker.ts";
import type { Socket } from "../../src/core/fanout/socket.ts";
import type { Subscriber } from "../../src/core/fanout/subscriber.ts";
import { asObject, parseObject } from "../../src/wire/json.ts";
import type { Result } from "../../src/wire/problem.ts";
import { subscriberOf } from "../support/reader.ts";
import { type Scene, SocketWitness } from "./judges/socket-witness.ts";
import type { Link, LinkEnds, Up } from "./link.ts";
import type { HubStub, Upgrade } from "./worker-double.ts";

/** Of one address: legacy pages share them. */
export const SOCKETS_PER_ADDRESS = 4;

/** An open socket, and what outlives the hub's memory of it. */
interface Connected {
  readonly link: Link;
  readonly witness: SocketWitness;
  subscriber: Subscriber;
}

export interface HostPorts {
  readonly scene: Scene;
  isUp(): boolean;
  broker(): Broker<Socket>;
  /** Welcomes those that wait in a moment, unless another turn does. */
  soon(act: () => void): void;
  /** A socket was attached in this turn. */
  attached(): void;
}

export class HostSockets implements HubStub {
  readonly #ports: HostPorts;
  readonly #sockets = new Map<Socket, Connected>();
  /** Who presented a token that is to be checked. */
  readonly #presenters = new Map<string, SocketWitness>();
  #arrivals: Upgrade[] = [];
  #opened = 0;
  /** The address of one that comes while its address has all of its sockets. */
  #full: string | null = null;
  /** The code of each close by the hub. */
  readonly closes: number[] = [];

  constructor(ports: HostPorts) {
    this.#ports = ports;
  }

  get isUp(): boolean {
    return this.#ports.isUp();
  }

  get links(): readonly Link[] {
    return [...this.#sockets.values()].map(({ link }) => link);
  }

  /** Those that the hub has not closed, with what was kept of each. */
  get open(): readonly (readonly [socket: Socket, connected: Connected])[] {
    return [...this.#sockets].filter(([, { link }]) => link.closedWith === undefined);
  }

  get hasArrivals(): boolean {
    return this.#arrivals.length > 0;
  }

  /** All connections are lost. */
  cut(): void {
    for (const { link } of [...this.#sockets.values(), ...this.#arrivals]) link.cut();
    this.#sockets.clear();
    this.#arrivals = [];
  }

  pingMs(socket: Socket): number | null {
    return this.#sockets.get(socket)?.witness.pingMs ?? null;
  }

  keep(socket: Socket, subscriber: Subscriber): void {
    const connected = this.#sockets.get(socket);
    if (connected) connected.subscriber = structuredClone(subscriber);
  }

  endsOf(link: Link): LinkEnds {
    return {
      toHub: (item) => this.#hear(link, item),
      onSend: (text) => text !== "pong" && this.#sockets.get(link.hubEnd)?.witness.sent(text),
      onClose: (code) => {
        const connected = this.#sockets.get(link.hubEnd);
        connected?.witness.closed(code, this.#full !== null && connected.subscriber.address === this.#full);
        this.closes.push(code);
      },
    };
  }

  /** As `hub/hub` does with what the Worker has let in: it is welcomed with those that came meanwhile. */
  upgrade(upgrade: Upgrade): void {
    const { address, link } = upgrade;
    if (address !== null) this.welcome(); // limits count exactly
    if (this.#countFrom(address) >= SOCKETS_PER_ADDRESS) this.#full = address;
    const admitted = this.#ports.broker().admit({ address });
    this.#full = null;
    const length = this.#countFrom(address);
    if (address !== null && admitted.ok !== length < SOCKETS_PER_ADDRESS) {
      const what = admitted.ok ? "admitted" : "refused";
      this.#ports.scene.accuse(`${address} has ${length} sockets, and one more was ${what}`);
    }
    if (admitted.ok) this.#arrive(upgrade);
    else link.answer(4429);
  }

  #countFrom(address: string | null): number {
    return this.open.filter(([, { subscriber }]) => subscriber.address === address).length;
  }

  #arrive(upgrade: Upgrade): void {
    if (!this.hasArrivals) this.#ports.soon(() => this.welcome());
    this.#arrivals.push(upgrade);
  }

  /** All that wait are welcomed in one turn, as `hub/pending-welcomes` does: before any other turn. */
  welcome(): void {
    const arrivals = this.#arrivals;
    this.#arrivals = [];
    for (const { link, cursor, last, rights, ...who } of arrivals) {
      const clientId = `client-${++this.#opened}`;
      const { hear: allowed, ...others } = rights;
      const subscriber = subscriberOf({ clientId, allowed, ...others, ...who });
      const witness = new SocketWitness(this.#ports.scene, { clientId, cursor, rights, ...who }, link);
      this.#sockets.set(link.hubEnd, { link, witness, subscriber });
      this.#ports.broker().attach(link.hubEnd, { ...subscriber, cursor, last });
      this.#ports.attached();
    }
  }

  #hear(link: Link, item: Up): void {
    const socket = link.hubEnd;
    this.#arrivals = this.#arrivals.filter((each) => each.link !== link || typeof item !== "number");
    const connected = this.#sockets.get(socket);
    if (!this.isUp || !connected) return;
    if (item === "ping") {
      connected.witness.pingMs = this.#ports.scene.nowMs(); // the runtime answers, and wakes nobody
      socket.send("pong");
      return;
    }
    this.welcome();
    if (typeof item === "number") {
      this.#sockets.delete(socket);
      this.#ports.broker().subscribers.leave(socket, item);
      link.answer(item);
    } else {
      if (link.closedWith === undefined) this.#note(connected.witness, item);
      this.#ports.broker().hear(socket, item);
    }
  }

  #note(witness: SocketWitness, message: string | ArrayBuffer): void {
    witness.heard(message);
    const frame = typeof message === "string" ? parseObject(message) : undefined;
    const token = frame?.type === "auth" ? asObject(frame.data)?.token : undefined;
    if (typeof token === "string") this.#presenters.set(token, witness);
  }

  /** When the rights end of the socket that has presented a token, as Unix time in ms. */
  endOf(token: string): number {
    return this.#presenters.get(token)?.rights.endMs ?? Number.POSITIVE_INFINITY;
  }

  /** The check of a token that a socket has presented is over; the hub is to hear of it next. */
  checked(token: string, result: Result<Rights>): void {
    this.#presenters.get(token)?.checked(result);
  }
}
