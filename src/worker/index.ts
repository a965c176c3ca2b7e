// Wrangler's `main`: the Worker, the Durable Object it routes to, and the RPC entry point for other Workers.
import { refuseInvalidSettings } from "./http/invalid-settings.ts";
import { router } from "./router.ts";

export { Hub } from "../hub/hub.ts";
export { ReactorApi } from "./rpc.ts";

export default {
  fetch: async (request, env, ctx): Promise<Response> =>
    refuseInvalidSettings(request, env) ?? (await router.fetch(request, env, ctx)),
} satisfies ExportedHandler<Cloudflare.Env>;
