// What wrangler.toml and its secrets bind. `worker/config` and `hub/settings` read and check it.
declare namespace Cloudflare {
  interface Env {
    readonly HUB: DurableObjectNamespace<import("./hub/hub.ts").Hub>;
    readonly ASSETS: Fetcher;
    readonly REACTOR_API_KEY?: string;
    readonly REACTOR_ENABLED?: string;
    readonly ALLOWED_ORIGINS?: string;
    readonly ANNOUNCE_CONNECTIONS?: string;
    readonly HEARTBEAT_SECONDS?: string;
    readonly RETENTION_EVENTS?: string;
    readonly RETENTION_HOURS?: string;
    readonly RETENTION_BYTES?: string;
    readonly LOG_GENERATION?: string;
  }
}
