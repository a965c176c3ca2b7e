// `npm start`: the hub on this machine by `wrangler dev`, with a development key and a banner of things to try.
// Arguments are passed to wrangler: npm start -- --port 9000 --persist-to DIR --var REACTOR_ENABLED:false
import { readFileSync, watchFile } from "node:fs";
import { createServer } from "node:net";
import { join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { programFile, QUIET_WRANGLER, ROOT } from "../program.ts";
import { banner } from "./banner.ts";
import { lockData } from "./data-lock.ts";
import { type DevVars, readDevVars } from "./dev-vars.ts";
import { givenVar, hubKey } from "./hub-key.ts";
import { isAlive, ServerGroup } from "./server-group.ts";

const DEFAULT_PORT = "8787";
const DATA_FOLDER = ".wrangler/state";

/** Below it a hub has too few for the sockets and channels of a load test: each is an open file, a channel's are three. */
const FEW_OPEN_FILES = 4_096;

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

/** The token settings of a hub on this machine. As for `npm run token`, the environment goes before .dev.vars. */
function tokenVars(args: string[]): string[] {
  return TOKEN_VARIABLES.flatMap((name) => {
    const value = process.env[name];
    return value === undefined || givenVar(args, name) !== undefined ? [] : ["--var", `${name}:${value}`];
  });
}

/** Lets pages from files in; a hub elsewhere ignores it (SPEC H9). Set by the caller or in a file, it stays. */
function originVars(args: string[], { values }: DevVars): string[] {
  const name = "ALLOW_NULL_ORIGIN";
  return givenVar(args, name) !== undefined || values[name] !== undefined ? [] : ["--var", `${name}:true`];
}

/** Locks the data folder: a second hub of this checkout gets one of its own, by its port. */
function dataArgs(args: string[], port: number, address: string): string[] {
  const options = { "persist-to": { type: "string" }, persistTo: { type: "string" } } as const;
  const { values } = parseArgs({ args, strict: false, options });
  const given = values["persist-to"] ?? values.persistTo;
  if (given !== undefined) {
    const holder = lockData(resolve(ROOT, String(given)), address);
    if (holder !== null)
      fail(`The data in ${given} are in use by the hub at ${holder}: stop it, or give another folder.`);
    return [];
  }
  const holder = lockData(join(ROOT, DATA_FOLDER), address);
  if (holder === null) return ["--persist-to", DATA_FOLDER];
  const own = `${DATA_FOLDER}-${port}`;
  if (lockData(join(ROOT, own), address) !== null)
    fail(`The data in ${own} are in use, too: give a folder by --persist-to.`);
  console.log(`The data in ${DATA_FOLDER} are in use by the hub at ${holder}: this one keeps its own in ${own}.`);
  return ["--persist-to", own];
}

/** Node has raised the limit as far as it may, and what it starts has the same. */
function warnOfFewFiles(): void {
  Object.assign(process.report ?? {}, { excludeNetwork: true }); // it would look names up
  const report = process.report?.getReport() as { userLimits?: { open_files?: { soft: unknown } } } | undefined;
  const limit = Number(report?.userLimits?.open_files?.soft);
  if (limit < FEW_OPEN_FILES) {
    console.log(
      `This shell allows ${limit} open files (ulimit -Hn): the hub refuses connections beyond some ${Math.floor(limit / 2)} sockets, or ${Math.floor(limit / 4)} channels.`,
    );
  }
}

/** Wrangler reads them once: says so when their content changes. */
function watchVars(names: readonly string[]): void {
  const contentOf = (file: string) => {
    try {
      return readFileSync(file, "utf8");
    } catch {
      return "";
    }
  };
  for (const name of names) {
    const file = resolve(ROOT, name);
    let known = contentOf(file);
    watchFile(file, { interval: 500, persistent: false }, () => {
      const content = contentOf(file);
      if (content !== known)
        console.log(`\n  ${relative(ROOT, file)} has changed: stop npm start and start it again to use it.\n`);
      known = content;
    });
  }
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
const vars = await readDevVars(args);
const key = hubKey(args, process.env, vars);
if (vars.unread.length > 0)
  console.log(`${vars.files.join(" and ")} is read, and ${vars.unread.join(" and ")} is not.`);
await requireFree(port);
const address = `http://localhost:${port}`;
const demo = port === Number(DEFAULT_PORT) ? "npm run demo" : `npm run demo -- --url ${address}`;
const wrangler = [
  ...["dev", ...wranglerArgs, ...dataArgs(args, port, address), ...args],
  ...[...key.wranglerArgs, ...tokenVars(args), ...originVars(args, vars)],
];
warnOfFewFiles();
console.log("Building and starting the hub; this takes some seconds …");
const group = new ServerGroup(programFile("wrangler"), wrangler, QUIET_WRANGLER);

/** Why it ends: because it was told to, or with a sentence. */
let end: "told" | string | undefined;
function stop(why: string): void {
  end ??= why;
  group.stop();
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop("told"));
if (process.channel) process.on("disconnect", () => stop("told")); // the launcher is gone, whatever became of it
process.channel?.unref();
watchVars([...new Set([...vars.files, ".dev.vars", ".env"])]);
void untilAnswered(port).then((isHealthy) => {
  console.log(isHealthy ? banner(address, key, demo) : INVALID);
  const front = group.frontPid(port);
  const look = () => {
    if (front !== undefined && !isAlive(front))
      stop("The process that listened on the port has died. Start it again: npm start");
  };
  setInterval(look, 1_000).unref();
});
const code = await group.ended;
if (end === "told") process.exit(0);
if (end === undefined && code !== null && code < 128) process.exit(code); // wrangler has said why
console.error(end ?? "The server was killed. Start it again: npm start");
process.exit(1);
