// The start of every npm script, on any Node and before anything is installed: installs the packages of the lock if it
// changed, then runs the program NAME on the Node of node_modules (wrangler needs a newer one than 20.11).
// usage: node tools/launch.mjs NAME [argument…]
import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { constants } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(`Reactor needs Node 20.11 or newer to install itself, and this is ${process.versions.node}.`);
  process.exit(1);
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const carriedNode = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");

// Ctrl-C reaches the whole process group or only this process: the child receives it either way, and is waited for.
let stopChild = () => {};
let stopped = false;
function stop(signal) {
  stopped = true;
  stopChild(signal);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);

// A SIGTERM to npm ends only npm and its shell: the only sign of it here is a new parent process. A SIGKILL to npm leaves even
// the shell, whose parent then is another.
const shell = process.ppid;
const npm = parentOf(shell);
const watch = () => (process.ppid !== shell || parentOf(shell) !== npm) && stop("SIGTERM");
if (process.env.npm_lifecycle_event) setInterval(watch, 250).unref();

/** @returns the parent of a shell that npm has started, where the system tells; else always `undefined` */
function parentOf(pid) {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return /^(ba|da|)sh$/.test(name) ? Number(parent) : undefined; // some shells become what they run: then npm is our parent
  } catch {
    return undefined;
  }
}

/** Runs a program to its end. @returns its exit code, or 128 + the number of the signal that ended it */
function run(file, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, options);
    stopChild = (signal) => (options.detached ? process.kill(-child.pid, "SIGKILL") : child.kill(signal));
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      stopChild = () => {};
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** npm writes its own lock into node_modules at the end, so an interrupted install counts as none. */
function isInstalled() {
  const done = join(modules, ".package-lock.json");
  return existsSync(done) && statSync(done).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

/**
 * In a process group of its own, so that all of it can be killed: npm would clean up for up to 15 s. What it prints goes to
 * stderr: stdout is that of the program, such as the token of `TOKEN=$(npm run -s token)`.
 */
async function install() {
  console.error(
    "Installing the packages of package-lock.json: the first start takes about half a minute, later ones seconds.",
  );
  const started = Date.now();
  const progress = setInterval(() => {
    console.error(`  … installing, ${Math.round((Date.now() - started) / 1000)} s`);
  }, 5_000);
  // `npm pack --dry-run` hands its own options down to this npm.
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--dry-run=false"];
  const windows = process.platform === "win32";
  const options = { cwd: root, stdio: ["ignore", 2, "inherit"], detached: !windows }; // npm has nothing to ask
  const npm = process.env.npm_execpath;
  const code =
    npm && basename(npm) === "npm-cli.js"
      ? await run(process.execPath, [npm, ...args], options)
      : await run("npm", args, { ...options, shell: windows });
  clearInterval(progress);
  if (stopped) return 130;
  if (code === 0) console.error(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
  else console.error("npm ci failed: see above.");
  return code;
}

async function main([name, ...args]) {
  if (!name) {
    console.error("usage: node tools/launch.mjs NAME [argument…]");
    return 1;
  }
  const installed = isInstalled() ? 0 : await install();
  if (installed !== 0) return installed;
  if (!existsSync(carriedNode)) {
    console.error(
      "The package `node` has no program in it: its install script was blocked. Run `npm ci` with scripts enabled.",
    );
    return 1;
  }
  const path = [join(modules, ".bin"), process.env.PATH].join(delimiter);
  const program = [`tools/${name}/${name}.ts`, `tools/dev/${name}.ts`, `${name}/run.ts`]
    .map((file) => join(root, file))
    .find((file) => existsSync(file));
  if (!program) {
    console.error(`There is no program ${name}: see "scripts" in package.json.`);
    return 1;
  }
  // The channel tells the program at once that this process has ended, also where it had no time to say so.
  return run(carriedNode, [program, ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, PATH: path },
  });
}

process.exitCode = await main(process.argv.slice(2));
