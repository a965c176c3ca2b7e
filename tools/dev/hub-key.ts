// Which key the hub of `npm start` has, and how a shell writes its header.
import type { DevVars } from "./dev-vars.ts";

/** The key that `npm start` sets if nothing else sets one. */
const DEVELOPMENT_KEY = "dev-key";

const VARIABLE = "REACTOR_API_KEY";

export interface HubKey {
  /** As the hub takes it: no header can hold the space around it. */
  readonly key: string;
  /** Where it is set, for a sentence. */
  readonly source: string;
  /** The `Authorization` of a curl command, quoted. A key from a file is not printed. */
  readonly header: string;
  /** What sets it, where no file does. */
  readonly wranglerArgs: readonly string[];
}

/** The value of `--var NAME:VALUE` among the arguments. */
export function givenVar(args: readonly string[], name: string): string | undefined {
  const given = args.map((arg) => arg.replace(/^--var=/, "")).find((arg) => arg.startsWith(`${name}:`));
  return given?.slice(name.length + 1);
}

/** The nearest first: `--var`, the environment, the files, the development key. @param args of `npm start` */
export function hubKey(args: readonly string[], env: NodeJS.ProcessEnv, { values, files }: DevVars): HubKey {
  const given = givenVar(args, VARIABLE);
  if (given !== undefined) return shown(given, "the key of --var", []);
  const own = env[VARIABLE];
  if (own !== undefined) return shown(own, `the key of ${VARIABLE} in the environment`, [`${VARIABLE}:${own}`]);
  const filed = values[VARIABLE];
  if (filed === undefined)
    return shown(DEVELOPMENT_KEY, `the key ${DEVELOPMENT_KEY}`, [`${VARIABLE}:${DEVELOPMENT_KEY}`]);
  const header = '"Authorization: Bearer $(npm run -s key)"';
  return { key: filed.trim(), source: `the key of ${files.join(" and ")}`, header, wranglerArgs: [] };
}

function shown(text: string, source: string, vars: readonly string[]): HubKey {
  const key = text.trim();
  const header = `'Authorization: Bearer ${key.replaceAll("'", "'\\''")}'`;
  return { key, source, header, wranglerArgs: vars.flatMap((each) => ["--var", each]) };
}
