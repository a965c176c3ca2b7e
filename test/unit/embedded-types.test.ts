// What the compiler says to a Worker of one's own with a hub in it.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { compileAsUser } from "../support/compile-as-user.ts";

const FOLDER = join(import.meta.dirname, "../../.cache/embedded-types");

beforeAll(() => rm(FOLDER, { recursive: true, force: true }));

/** @param use stands in `fetch` @param listen in `hubWith` */
const worker = (use: string, listen = "") => `
import { emit, hubWith, route } from "pulse-reactor/worker";

interface Events {
  order_paid: { order: number };
  mail_sent: { order: number };
}

export class Hub extends hubWith<Events>((bus) => {
  ${listen}
}) {}

/** As \`wrangler types\` writes it. */
interface Env {
  HUB: DurableObjectNamespace<Hub>;
  OTHER: string;
}

export default {
  async fetch(request, env, ctx) {
    ${use}
    return (await route(request, env, ctx)) ?? new Response(env.OTHER);
  },
} satisfies ExportedHandler<Env>;
`;

const compile = (name: string, code: string) =>
  compileAsUser({ folder: join(FOLDER, name), isWorker: true, files: { "worker.ts": code } });

it("takes the Env of the Worker, any event without a map, and those of a map", async () => {
  const use = `
    await emit(env, { type: "a" });
    await emit(env, [{ type: "a", data: [1] }, { type: "b" }]);
    await emit<Events>(env, { type: "order_paid", data: { order: 1 }, id: "x" }, { channel: "eu" });`;
  const listen = `
    bus.on("order_paid", ({ order }, { event, emit }) => emit("mail_sent", { order: order + event.id.length }));
    bus.once("something_else", (data) => String(data));`;
  expect(await compile("right", worker(use, listen))).toBe("");
}, 60_000);

it.each([
  ["a type that the map lacks", `await emit<Events>(env, { type: "order_payed", data: { order: 1 } });`, ""],
  ["other data", `await emit<Events>(env, { type: "order_paid", data: { order: "1" } });`, ""],
  ["no data", `await emit<Events>(env, { type: "order_paid" });`, ""],
  ["an option that there is not", `await emit(env, { type: "a" }, { chanel: "eu" });`, ""],
  ["other data of a listener", "", `bus.on("order_paid", ({ title }) => title);`],
  ["other data from a listener", "", `bus.on("order_paid", (_, { emit }) => emit("mail_sent", {}));`],
  ["an Env without the hub", `await route(request, { OTHER: "" }, ctx);`, ""],
])(
  "refuses %s",
  async (name, use, listen) => {
    expect(await compile(name.replaceAll(" ", "-"), worker(use, listen))).toMatch(/^worker\.ts|error TS/);
  },
  60_000,
);
