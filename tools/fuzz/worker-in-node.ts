// The whole Worker in this process, with a hub that only records its calls.

import { timingSafeEqual } from "node:crypto";
import { type DraftColumns, draftsIn } from "../../src/hub/draft-columns.ts";
import type { Draft } from "../../src/wire/draft.ts";
import { router } from "../../src/worker/router.ts";
import { must } from "./target.ts";
import { KEY, SECRET } from "./token-target.ts";

/** A call of the hub. */
export interface HubCall {
  readonly method: "emit" | "history" | "fetch" | "status";
  readonly drafts?: readonly Draft[];
}

const calls: HubCall[] = [];

const STATUS = { connections: 0, emitted: 0, oldest: 1, byType: { __proto__: 1, a: 1 } };

const hub = {
  emit(columns: DraftColumns) {
    const drafts = draftsIn(columns);
    calls.push({ method: "emit", drafts });
    const events = drafts.map((_, n) => ({ id: `e.${n + 1}`, seq: n + 1, duplicate: false }));
    return { ok: true, value: JSON.stringify({ cursor: `e.${drafts.length}`, events }) };
  },
  history() {
    calls.push({ method: "history" });
    const text = '{"after":"0.0","cursor":"0.0","more":false,"head":"0.0","events":[]}';
    return { ok: true, value: { text, etag: null } };
  },
  status() {
    calls.push({ method: "status" });
    return STATUS;
  },
  statusFor() {
    calls.push({ method: "status" });
    return { ok: true, value: STATUS };
  },
  fetch(upgrade: Request) {
    calls.push({ method: "fetch" });
    const attach = JSON.parse(upgrade.headers.get("reactor-attach") ?? "");
    must(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/.test(attach.channel), "a hub receives its channel");
    return new Response(null, { status: 101 });
  },
};

const env = {
  HUB: { getByName: () => hub },
  ASSETS: { fetch: async () => new Response("<!doctype html>") },
  REACTOR_API_KEY: KEY,
  REACTOR_JWT_SECRET: SECRET,
};

/** @returns the response, and the calls of the hub meanwhile */
export async function fetchWorker(
  request: Request,
): Promise<{ readonly reply: Response; readonly calls: readonly HubCall[] }> {
  calls.length = 0;
  const reply: Response = await router.fetch(request, env, { waitUntil() {} });
  return { reply, calls: [...calls] };
}

/** Installs what workerd has and Node lacks. @returns a function that undoes it */
export function becomeWorkerd(): () => void {
  const { Response: NodeResponse } = globalThis;
  class WorkerdResponse extends NodeResponse {
    constructor(body?: ConstructorParameters<typeof Response>[0], init: ResponseInit = {}) {
      const isUpgrade = init.status === 101;
      super(body, isUpgrade ? { headers: init.headers ?? {} } : init);
      if (isUpgrade) Object.defineProperty(this, "status", { value: 101 });
    }
  }
  class WebSocketPair {
    readonly 0 = {};
    readonly 1 = {
      accept() {},
      close(code: number, reason: string) {
        must([4401, 4500, 4503].includes(code), "a socket is closed with the code of its problem");
        must(Buffer.byteLength(reason) <= 123, "a reason fits a close frame");
      },
    };
  }
  const before = { Response: NodeResponse, WebSocketPair: Reflect.get(globalThis, "WebSocketPair") };
  Object.assign(globalThis, { Response: WorkerdResponse, WebSocketPair });
  const equal = (a: ArrayBuffer, b: ArrayBuffer) => timingSafeEqual(new Uint8Array(a), new Uint8Array(b));
  Object.assign(crypto.subtle, { timingSafeEqual: equal });
  return () => void Object.assign(globalThis, before);
}
