// Wrangler's `main`: the Worker, and the Durable Object it routes to. The one place that catches what nobody expected.
import { refuse } from "../wire/problem.ts";
import { refusal } from "./replies.ts";
import { router } from "./routes.ts";

export { Hub } from "../hub/hub.ts";
export { ReactorApi } from "./reactor-api.ts";

export default {
  async fetch(request, env, ctx): Promise<Response> {
    try {
      return await router.fetch(request, env, ctx);
    } catch (error) {
      const id = crypto.randomUUID();
      console.error(`Request ${id} failed.`, error);
      return refusal(refuse("internal", `Something broke in this server. It is in the log as request ${id}.`).problem);
    }
  },
} satisfies ExportedHandler<Cloudflare.Env>;
