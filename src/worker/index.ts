// Wrangler's `main`: the Worker, the Durable Object it routes to, and the RPC entry point for other Workers.
import { router } from "./router.ts";

export { Hub } from "../hub/hub.ts";
export { ReactorApi } from "./rpc.ts";

export default {
  fetch: (request, env, ctx): Promise<Response> => router.fetch(request, env, ctx),
} satisfies ExportedHandler<Cloudflare.Env>;
