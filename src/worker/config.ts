// The settings of the Worker, read and checked once per isolate.
import { type AuthSettings, readAuthSettings } from "../auth/auth-settings.ts";
import { type Origins, parseOrigins } from "../auth/origins.ts";
import { readSwitch } from "../hub/variables.ts";
import { err, ok, type Result } from "../wire/problem.ts";

export interface Config {
  /** Authentication. */
  readonly auth: AuthSettings;
  /** `false`: the server runs and takes no events. */
  readonly enabled: boolean;
  /** Origins whose pages may connect, read and emit. */
  readonly origins: Origins;
}

const known = new WeakMap<Cloudflare.Env, Config>();

/** @throws an Error that names the variable and its valid values */
export function configOf(env: Cloudflare.Env): Config {
  const config = known.get(env) ?? readConfig(env);
  known.set(env, config);
  return config;
}

/** MUST be called before every emit, at each entry point. @returns nothing, or `reactor_disabled` */
export function checkEnabled(env: Cloudflare.Env): Result<void> {
  if (configOf(env).enabled) return ok(undefined);
  return err("reactor_disabled", "This hub is disabled (REACTOR_ENABLED is false) and takes no events.");
}

function readConfig(env: Cloudflare.Env): Config {
  return {
    auth: readAuthSettings(env),
    enabled: readSwitch("REACTOR_ENABLED", env.REACTOR_ENABLED, true),
    origins: parseOrigins(env.ALLOWED_ORIGINS),
  };
}
