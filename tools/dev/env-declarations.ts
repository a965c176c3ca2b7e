// Compares `src/env.d.ts`, which is written by hand, with what the code reads and what wrangler.toml binds. The compiler does
// not: every variable is optional, so one that is read and not declared, or the reverse, still has a type.
import { settingsOf } from "../../src/hub/settings.ts";

export interface Declarations {
  /** Strings: variables and secrets. */
  readonly variables: readonly string[];
  /** What wrangler.toml must bind, and what it may. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** @param text of `src/env.d.ts`: a member per line */
export function declarationsIn(text: string): Declarations {
  const members = [...text.matchAll(/^ +readonly (\w+)(\??): (.+);$/gm)].map(([, name = "", mark, type]) => ({
    name,
    isVariable: type === "string",
    isOptional: mark === "?",
  }));
  const names = (isMeant: (member: (typeof members)[number]) => boolean) =>
    members.filter(isMeant).map(({ name }) => name);
  return {
    variables: names(({ isVariable }) => isVariable),
    required: names(({ isVariable, isOptional }) => !isVariable && !isOptional),
    optional: names(({ isVariable, isOptional }) => !isVariable && isOptional),
  };
}

/** The bindings in the file that `wrangler types` writes: `interface __BaseEnv_Env`, a member per line. */
export function boundIn(text: string): readonly string[] {
  const body = /^interface __BaseEnv_Env \{\n([^}]*)\}/m.exec(text)?.[1];
  if (body === undefined) throw new Error("`wrangler types` wrote no interface __BaseEnv_Env.");
  return [...body.matchAll(/^\s*(\w+)\??:/gm)].map(([, name = ""]) => name);
}

/** The variables that `read` reads of an env in which none is set. */
export function variablesRead(read: (env: never) => unknown = settingsOf): readonly string[] {
  const names = new Set<string>();
  read(new Proxy({}, { get: (_, name) => void names.add(String(name)) }) as never);
  return [...names];
}

/** One sentence per difference; none if all agree. */
export function differences(
  { variables, required, optional }: Declarations,
  read: readonly string[],
  bound: readonly string[],
): readonly string[] {
  const missing = (from: readonly string[], names: readonly string[], problem: string) =>
    names.filter((name) => !from.includes(name)).map((name) => `${name} ${problem}`);
  return [
    ...missing(variables, read, "is read by src/hub/settings.ts and not declared as a string in src/env.d.ts."),
    ...missing(read, variables, "is declared in src/env.d.ts and not read by src/hub/settings.ts."),
    ...missing([...required, ...optional], bound, "is bound in wrangler.toml and not declared in src/env.d.ts."),
    ...missing(bound, required, "is declared in src/env.d.ts as always bound, and not bound in wrangler.toml."),
  ];
}
