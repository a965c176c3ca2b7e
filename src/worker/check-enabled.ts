// The switch that stops emits (REACTOR_ENABLED).
import { settingsOf } from "../hub/settings.ts";
import { err, ok, type Result } from "../wire/problem.ts";

/** MUST be called before every emit, at each entry point. @returns nothing, or `reactor_disabled` */
export function checkEnabled(env: Cloudflare.Env): Result<void> {
  if (settingsOf(env).enabled) return ok(undefined);
  return err("reactor_disabled", "This hub is disabled (REACTOR_ENABLED is false) and takes no events.");
}
