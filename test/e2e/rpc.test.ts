import { dirname } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { expect, inject, it } from "vitest";

/** Somebody's own Worker, which knows of the hub nothing but its binding. */
const NEWSROOM = `export default {
  async fetch(request, env) {
    return Response.json(await env.REACTOR.emit(await request.json(), { channel: "newsroom" }));
  },
};`;

it("[H13] lets another Worker emit through a binding, without a key and without HTTP between", async () => {
  const { name, file, vars, options } = inject("worker");
  const reactor = {
    ...options,
    name,
    bindings: vars,
    modules: [{ type: "ESModule" as const, path: file }],
    modulesRoot: dirname(file),
  };
  const newsroom = {
    name: "newsroom",
    modules: true as const,
    script: NEWSROOM,
    compatibilityDate: "2026-11-17",
    serviceBindings: { REACTOR: { name, entrypoint: "ReactorApi" } },
  };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({ workers: [newsroom, reactor], host: "127.0.0.1", port: 0, cf: false }),
  );
  try {
    const url = await miniflare.ready;
    const emit = async (events: unknown) =>
      (await fetch(url, { method: "POST", body: JSON.stringify(events) })).json() as Promise<unknown>;
    expect(await emit({ type: "news_processed", data: { title: "Hello" } })).toMatchObject({
      ok: true,
      value: { events: [{ seq: 1 }] },
    });
    expect(await emit([{ type: "news_processed" }, { type: "" }])).toMatchObject({
      ok: false,
      problem: { code: "bad_event", pointer: "/1/type" },
    });
  } finally {
    await miniflare.dispose();
  }
});
