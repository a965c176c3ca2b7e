// The worker thread in which subscribers run, apart from the publishers. It executes the calls of `LoadThread`.
import { parentPort } from "node:worker_threads";
import { type GroupOptions, LoadGroup } from "./load-group.ts";

/** `group` is a number that the caller chose; `method` is one of `LoadGroup`, or `new`. */
export interface Call {
  readonly id: number;
  readonly group: number;
  readonly method:
    | "new"
    | "open"
    | "reset"
    | "counted"
    | "receive"
    | "send"
    | "ping"
    | "pause"
    | "resume"
    | "disconnect"
    | "close";
  readonly args: readonly unknown[];
}

export type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string });

const groups = new Map<number, LoadGroup>();

async function run({ group: number, method, args }: Call): Promise<unknown> {
  if (method === "new") {
    groups.set(number, new LoadGroup(args[0] as GroupOptions));
    return undefined;
  }
  const group = groups.get(number);
  if (!group) throw new Error(`there is no group ${number}`);
  if (method === "close") groups.delete(number);
  return await (group[method] as (...args: unknown[]) => unknown).apply(group, [...args]);
}

parentPort?.on("message", (call: Call) => {
  run(call).then(
    (value) => parentPort?.postMessage({ id: call.id, value } satisfies Answer),
    (error) => parentPort?.postMessage({ id: call.id, error: String(error) } satisfies Answer),
  );
});
