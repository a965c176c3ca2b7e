// Everybody who means harm, at once.
import { setTimeout } from "node:timers/promises";
import { ACTS } from "./hostile-acts.ts";
import type { Act } from "./hostile-deed.ts";
import { HostileSocket } from "./hostile-socket.ts";

const EVERYBODY = ACTS.flatMap((act) => Array<Act>(act.by).fill(act));

/** How many they are. */
export const CROWD = EVERYBODY.length;

export class HostileCrowd {
  readonly #port: number;
  readonly #token: string;
  readonly #sockets = new Set<HostileSocket>();

  /** @param token may hear `noise_*`, and emit it */
  constructor(port: number, token: string) {
    this.#port = port;
    this.#token = token;
  }

  /** HTTP statuses that they were answered. */
  get statuses(): ReadonlySet<number> {
    return new Set([...this.#sockets].map(({ status }) => status));
  }

  /** How many connections nobody has ended, handshakes that were begun among them. */
  get staying(): number {
    return [...this.#sockets].filter(({ status, closeCode, ended }) => {
      return (status === 0 || status === 101) && closeCode === null && !ended;
    }).length;
  }

  /** All that they heard of one type of events. */
  heard(type: string): readonly string[] {
    return [...this.#sockets].flatMap(({ texts }) => texts.filter((text) => text.includes(`"type":"${type}"`)));
  }

  /** Each does what they came for, once, and stays. @throws an Error that names whom the hub did not treat as it has to */
  async attack(): Promise<void> {
    const deeds = await Promise.allSettled(EVERYBODY.map((act) => this.#commit(act)));
    const failed = deeds.flatMap((deed) => (deed.status === "rejected" ? [String(deed.reason)] : []));
    if (failed.length > 0) throw new Error([...new Set(failed)].join("\n"));
  }

  /** Each comes, does what they came for, stays for `stayMs`, goes, and comes back, for ever. @throws as `attack` */
  async torment(stayMs: number, onDeed: () => void): Promise<never> {
    const lives = EVERYBODY.map(async (act, index) => {
      await setTimeout((stayMs * index) / CROWD); // not all of them at once, each time
      for (;;) {
        const sockets = await this.#commit(act);
        onDeed();
        await setTimeout(stayMs);
        this.#end(sockets);
      }
    });
    return await Promise.race(lives); // none of them ends, unless by throwing
  }

  /** All of them go, without a word. */
  leave(): void {
    this.#end([...this.#sockets]);
  }

  #end(sockets: readonly HostileSocket[]): void {
    for (const socket of sockets) {
      socket.leave();
      this.#sockets.delete(socket);
    }
  }

  async #commit({ name, commit }: Act): Promise<readonly HostileSocket[]> {
    const sockets: HostileSocket[] = [];
    const open = () => {
      const socket = new HostileSocket(this.#port);
      this.#sockets.add(socket);
      sockets.push(socket);
      return socket;
    };
    try {
      await commit({ port: this.#port, token: this.#token, open });
      return sockets;
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
    }
  }
}
