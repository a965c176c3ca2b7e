// The control of emits: Reactor's own Worker (routes, authorization, parser) before a stub of the hub that sends nothing and
// stores nothing; or, with STORES, the least that is durable: the text of `data` as a row of one table, all rows of a
// request in one transaction.
import { DurableObject } from "cloudflare:workers";
import { draftsIn } from "../../src/hub/draft-columns.ts";
import type { Hub as RealHub } from "../../src/hub/hub.ts";
import { ok } from "../../src/wire/problem.ts";
import { router } from "../../src/worker/router.ts";

interface StubEnv extends Cloudflare.Env {
  readonly STORES?: string;
}

export class Hub extends DurableObject<StubEnv> {
  #seq = 0;

  /** Answers as the real one does, as far as a publisher can see. */
  async emit(columns: Parameters<RealHub["emit"]>[0]): ReturnType<RealHub["emit"]> {
    const drafts = draftsIn(columns);
    if (this.env.STORES) this.#store(drafts.map(({ data }) => data));
    const events = drafts.map(() => ({ id: `bench.${++this.#seq}`, seq: this.#seq, duplicate: false }));
    return ok(JSON.stringify({ cursor: `bench.${this.#seq}`, events }));
  }

  #store(rows: readonly string[]): void {
    const { sql } = this.ctx.storage;
    if (this.#seq === 0) sql.exec("CREATE TABLE events (seq INTEGER PRIMARY KEY, event TEXT)");
    this.ctx.storage.transactionSync(() => {
      for (const row of rows) sql.exec("INSERT INTO events (event) VALUES (?)", row);
    });
  }
}

export default {
  fetch: (request: Request, env: Cloudflare.Env, ctx: ExecutionContext): Promise<Response> =>
    router.fetch(request, env, ctx),
};
