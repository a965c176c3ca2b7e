// The bindings, variables and secrets of the Worker. `hub/settings` reads and checks the variables; `tools/dev/check-env`
// compares these names with what is read and with what `wrangler types` finds.
declare namespace Cloudflare {
  interface Env {
    readonly HUB: DurableObjectNamespace<import("./hub/hub.ts").Hub>;
    readonly ASSETS: Fetcher;
    readonly REACTOR_API_KEY?: string;
    readonly REACTOR_API_KEY_PREVIOUS?: string;
    readonly REACTOR_JWT_SECRET?: string;
    readonly REACTOR_JWKS_URL?: string;
    readonly REACTOR_JWT_AUDIENCE?: string;
    readonly REACTOR_JWT_ISSUER?: string;
    readonly CHANNELS?: string;
    /** Optional: how many emits a second each credential has, counted by Cloudflare. */
    readonly EMIT_LIMIT?: RateLimit;
    readonly REACTOR_ENABLED?: string;
    readonly ALLOWED_ORIGINS?: string;
    readonly ALLOW_NULL_ORIGIN?: string;
    readonly WEBHOOK_ORIGINS?: string;
    readonly ANNOUNCE_CONNECTIONS?: string;
    readonly HEARTBEAT_SECONDS?: string;
    readonly MESSAGES_PER_SECOND?: string;
    readonly SOCKETS_PER_CHANNEL?: string;
    readonly SOCKETS_PER_ADDRESS?: string;
    readonly RETENTION_EVENTS?: string;
    readonly RETENTION_HOURS?: string;
    readonly RETENTION_BYTES?: string;
    readonly LOG_GENERATION?: string;
  }
}

/** What the hub takes of Node's modules, which workerd has without a flag. All of `@types/node` would give the rooms a `process`. */
declare module "node:zlib" {
  export function deflateRawSync(text: string, options: { readonly level: number }): Uint8Array;
}
