// `npm start`: the hub on this machine by `wrangler dev`, with a development key and a banner of things to try.
// Arguments are passed to wrangler: npm start -- --port 9000 --persist-to DIR --var REACTOR_ENABLED:false
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs, parseEnv } from "node:util";
import { programFile, QUIET_WRANGLER, ROOT, runProgram } from "../program.ts";
import { banner, DEVELOPMENT_KEY } from "./banner.ts";

const DEFAULT_PORT = "8787";
const VARIABLE = "REACTOR_API_KEY";
const TOKEN_VARIABLES = ["REACTOR_JWT_SECRET", "REACTOR_JWT_AUDIENCE", "REACTOR_JWT_ISSUER", "REACTOR_JWKS_URL"];

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

/** From `--port`, else `PORT`. Our own --ip and --port are added only where the caller gave none. */
function readAddress(args: string[]): { port: number; wranglerArgs: string[] } {
  const options = { ip: { type: "string" }, port: { type: "string" } } as const;
  const { values } = parseArgs({ args, strict: false, options });
  const text = String(values.port ?? (process.env.PORT || DEFAULT_PORT));
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    fail(`The port must be a whole number from 1 to 65535, not "${text}".`);
  }
  const ip = values.ip === undefined ? ["--ip", "127.0.0.1"] : [];
  return { port, wranglerArgs: values.port === undefined ? [...ip, "--port", text] : ip };
}

/** `localhost` is both loopback addresses: another program on either one would answer for us. */
async function requireFree(port: number): Promise<void> {
  for (const address of ["127.0.0.1", "::1"]) {
    const problem = await new Promise<string | undefined>((resolve) => {
      const probe = createServer();
      probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
      probe.listen(port, address, () => probe.close(() => resolve(undefined)));
    });
    if (problem === "EADDRINUSE")
      fail(`Port ${port} is in use. Stop the program that uses it, or: npm start -- --port ${port + 1}`);
    if (problem === "EACCES") fail(`Port ${port} is not open to this user. Try: npm start -- --port ${DEFAULT_PORT}`);
  }
}

/** The value of `--var NAME:VALUE` among the arguments. */
function givenVar(args: string[], name: string): string | undefined {
  const given = args.map((arg) => arg.replace(/^--var=/, "")).find((arg) => arg.startsWith(`${name}:`));
  return given?.slice(name.length + 1);
}

/** Whether .dev.vars sets it, which `--var` would override. */
function isInFile(name: string): boolean {
  const file = join(ROOT, ".dev.vars");
  return existsSync(file) && name in parseEnv(readFileSync(file, "utf8"));
}

/** The token settings of a hub on this machine. As for `npm run token`, the environment goes before .dev.vars. */
function tokenVars(args: string[]): string[] {
  return TOKEN_VARIABLES.flatMap((name) => {
    const value = process.env[name];
    return value === undefined || givenVar(args, name) !== undefined ? [] : ["--var", `${name}:${value}`];
  });
}

/** Where the key is set, the nearest first, and its header as a shell writes it. */
function readKey(args: string[]): { wranglerArgs: string[]; header: string } {
  const quoted = (key: string) => `'Authorization: Bearer ${key.replaceAll("'", "'\\''")}'`;
  const given = givenVar(args, VARIABLE);
  if (given !== undefined) return { wranglerArgs: [], header: quoted(given) };
  const own = process.env[VARIABLE];
  if (!own && isInFile(VARIABLE)) {
    const lookUp = `$(sed -n 's/^${VARIABLE} *= *//p' .dev.vars | tr -d "\\"'")`; // a secret is not printed
    return { wranglerArgs: [], header: `"Authorization: Bearer ${lookUp}"` };
  }
  const key = own || DEVELOPMENT_KEY;
  return { wranglerArgs: ["--var", `${VARIABLE}:${key}`], header: quoted(key) };
}

/** Lets pages from files in; a hub elsewhere ignores it (SPEC H9). Set by the caller or in .dev.vars, it stays. */
function originVars(args: string[]): string[] {
  const name = "ALLOW_NULL_ORIGIN";
  return givenVar(args, name) !== undefined || isInFile(name) ? [] : ["--var", `${name}:true`];
}

/**
 * Resolves when the hub answers, to whether it is healthy: if it is not, a setting is invalid, and wrangler has printed which.
 * Never, if it never answers: wrangler then prints why, and waits for a change of the code.
 */
async function untilAnswered(port: number): Promise<boolean> {
  const asked = () =>
    fetch(`http://localhost:${port}/health`, { signal: AbortSignal.timeout(5_000) }).then(({ ok }) => ok);
  for (;;) {
    const isHealthy = await asked().catch(() => undefined);
    if (isHealthy !== undefined) return isHealthy;
    await sleep(100);
  }
}

const INVALID = "\n  The hub answers every request with 500: a setting is invalid, and the error above names it.\n";

const args = process.argv.slice(2);
const { port, wranglerArgs } = readAddress(args);
const key = readKey(args);
await requireFree(port);
const address = `http://localhost:${port}`;
const demo = port === Number(DEFAULT_PORT) ? "npm run demo" : `npm run demo -- --url ${address}`;
console.log("Building and starting the hub; this takes some seconds …");
void untilAnswered(port).then((isHealthy) => console.log(isHealthy ? banner(address, key.header, demo) : INVALID));
const wrangler = ["dev", ...wranglerArgs, ...args, ...key.wranglerArgs, ...tokenVars(args), ...originVars(args)];
const { code, interrupted } = await runProgram(programFile("wrangler"), wrangler, { env: QUIET_WRANGLER });
process.exit(interrupted ? 0 : code);
