// What the operator has set, read and checked once for each isolate.
import { type AuthSettings, readAuthSettings } from "../auth/auth-settings.ts";
import { type Origins, parseOrigins } from "../auth/origins.ts";
import { readSwitch } from "../hub/variables.ts";
import { err, ok, type Result } from "../wire/problem.ts";

export interface Config {
  /** Who may. */
  readonly auth: AuthSettings;
  /** `false`: the server runs, and takes no events. */
  readonly enabled: boolean;
  /** Whose pages may listen, ask and emit. */
  readonly origins: Origins;
}

const known = new WeakMap<Cloudflare.Env, Config>();

/** @throws an Error that names the variable and says what it may be */
export function configOf(env: Cloudflare.Env): Config {
  const config = known.get(env) ?? readConfig(env);
  known.set(env, config);
  return config;
}

/** Before every emit, whichever way it comes in. @returns nothing, or `reactor_disabled` */
export function checkEnabled(env: Cloudflare.Env): Result<void> {
  if (configOf(env).enabled) return ok(undefined);
  return err("reactor_disabled", "REACTOR_ENABLED is false: this hub takes no events.");
}

function readConfig(env: Cloudflare.Env): Config {
  return {
    auth: readAuthSettings(env),
    enabled: readSwitch("REACTOR_ENABLED", env.REACTOR_ENABLED, true),
    origins: parseOrigins(env.ALLOWED_ORIGINS),
  };
}
