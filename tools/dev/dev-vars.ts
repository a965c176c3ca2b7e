// The variables of the hub on this machine, as wrangler reads them from .dev.vars or .env: a parser of our own would differ in
// what it makes of quotes, comments, `export`, line ends and a byte order mark.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../program.ts";

export interface DevVars {
  /** By name. */
  readonly values: Readonly<Record<string, string>>;
  /** The files that they may come from, relative to the project. */
  readonly files: readonly string[];
  /** Those that wrangler does not read, because there is another. */
  readonly unread: readonly string[];
}

/** @param args of wrangler: `--env` and `--env-file` choose files @param folder that of wrangler.toml */
export async function readDevVars(args: readonly string[] = [], folder = ROOT): Promise<DevVars> {
  const options = { env: { type: "string", short: "e" }, "env-file": { type: "string", multiple: true } } as const;
  const { env, "env-file": given } = parseArgs({ args: [...args], strict: false, options }).values;
  const environment = typeof env === "string" ? env : undefined;
  const envFiles = given?.map(String);
  const present = readdirSync(folder).filter((name) => /^\.(dev\.vars|env)(\.|$)/.test(name));
  const devVars = present.filter((name) => name === ".dev.vars" || name === `.dev.vars.${environment}`);
  const dotEnv = [".env", ".env.local", `.env.${environment}`, `.env.${environment}.local`];
  const others = present.filter((name) => dotEnv.includes(name));
  const files = envFiles ?? (devVars.length > 0 ? devVars : others);
  if (files.length === 0) return { values: {}, files, unread: [] };
  const { unstable_getVarsForDev } = await import("wrangler"); // takes a second or two, and most checkouts have no such file
  const bindings = unstable_getVarsForDev(join(folder, "wrangler.toml"), envFiles, {}, environment, true);
  const values = Object.entries(bindings).flatMap(([name, binding]) =>
    "value" in binding ? [[name, String(binding.value)] as const] : [],
  );
  return { values: Object.fromEntries(values), files, unread: envFiles || devVars.length === 0 ? [] : others };
}
