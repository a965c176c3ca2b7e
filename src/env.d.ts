// What wrangler.toml and its secrets bind. `worker/config` reads and checks it once.
declare namespace Cloudflare {
  interface Env {
    readonly HUB: DurableObjectNamespace<import("./hub/hub.ts").Hub>;
    readonly ASSETS: Fetcher;
    readonly REACTOR_API_KEY?: string;
    readonly REACTOR_ENABLED?: string;
  }
}
