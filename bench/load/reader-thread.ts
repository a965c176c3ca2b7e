// The thread in which readers live, away from who emits: it is told what to do by `Readers` (readers.ts).
import { parentPort } from "node:worker_threads";
import { type GroupOptions, ReaderGroup } from "./reader-group.ts";

/** `group` is a number of the caller's own; `act` a method of `ReaderGroup`, or `new`. */
export interface Order {
  readonly id: number;
  readonly group: number;
  readonly act: "new" | "open" | "reset" | "take" | "say" | "ping" | "pause" | "resume" | "leave" | "close";
  readonly args: readonly unknown[];
}

export type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string });

const groups = new Map<number, ReaderGroup>();

async function obey({ group, act, args }: Order): Promise<unknown> {
  if (act === "new") {
    groups.set(group, new ReaderGroup(args[0] as GroupOptions));
    return undefined;
  }
  const readers = groups.get(group);
  if (!readers) throw new Error(`there is no group ${group}`);
  if (act === "close") groups.delete(group);
  return await (readers[act] as (...args: unknown[]) => unknown).apply(readers, [...args]);
}

parentPort?.on("message", (order: Order) => {
  obey(order).then(
    (value) => parentPort?.postMessage({ id: order.id, value } satisfies Answer),
    (error) => parentPort?.postMessage({ id: order.id, error: String(error) } satisfies Answer),
  );
});
