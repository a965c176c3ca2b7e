// All hostile clients at once.
import { setTimeout } from "node:timers/promises";
import type { Attack } from "./hostile-attack.ts";
import { ATTACKS } from "./hostile-attacks.ts";
import { HostileSocket } from "./hostile-socket.ts";

const CLIENTS = ATTACKS.flatMap((attack) => Array<Attack>(attack.clients).fill(attack));

export const HOSTILE_COUNT = CLIENTS.length;

export class HostileClients {
  readonly #port: number;
  readonly #token: string;
  readonly #sockets = new Set<HostileSocket>();

  /** @param token may receive and emit `noise_*` */
  constructor(port: number, token: string) {
    this.#port = port;
    this.#token = token;
  }

  /** The HTTP statuses of all responses to them. */
  get statuses(): ReadonlySet<number> {
    return new Set([...this.#sockets].map(({ status }) => status));
  }

  /** How many of their connections are open, incomplete handshakes included. */
  get openCount(): number {
    return [...this.#sockets].filter(({ status, closeCode, ended }) => {
      return (status === 0 || status === 101) && closeCode === null && !ended;
    }).length;
  }

  /** The events of one type that they received. */
  received(type: string): readonly string[] {
    return [...this.#sockets].flatMap(({ texts }) => texts.filter((text) => text.includes(`"type":"${type}"`)));
  }

  /** Runs each attack once; sockets stay open. @throws an Error that names the attacks that the hub did not answer as it has to */
  async attack(): Promise<void> {
    const outcomes = await Promise.allSettled(CLIENTS.map((attack) => this.#run(attack)));
    const failed = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [String(outcome.reason)] : []));
    if (failed.length > 0) throw new Error([...new Set(failed)].join("\n"));
  }

  /** Runs each attack, keeps its sockets for `stayMs`, closes them, and repeats, for ever. @throws as `attack` */
  async repeat(stayMs: number, onAttack: () => void): Promise<never> {
    const loops = CLIENTS.map(async (attack, index) => {
      await setTimeout((stayMs * index) / HOSTILE_COUNT); // spreads them over the time
      for (;;) {
        const sockets = await this.#run(attack);
        onAttack();
        await setTimeout(stayMs);
        this.#destroy(sockets);
      }
    });
    return await Promise.race(loops); // they end only by throwing
  }

  /** Drops all connections, without a close frame. */
  disconnect(): void {
    this.#destroy([...this.#sockets]);
  }

  #destroy(sockets: readonly HostileSocket[]): void {
    for (const socket of sockets) {
      socket.destroy();
      this.#sockets.delete(socket);
    }
  }

  async #run({ name, run }: Attack): Promise<readonly HostileSocket[]> {
    const sockets: HostileSocket[] = [];
    const open = () => {
      const socket = new HostileSocket(this.#port);
      this.#sockets.add(socket);
      sockets.push(socket);
      return socket;
    };
    try {
      await run({ port: this.#port, token: this.#token, open });
      return sockets;
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
    }
  }
}
