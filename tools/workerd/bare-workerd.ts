// A bare workerd with its own configuration: no development server between it and the load.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { unstable_readConfig } from "wrangler";
import { ROOT } from "../program.ts";

export interface WorkerdOptions {
  readonly name: string;
  /** The Worker, an ES module. It is copied, so that a build meanwhile has no effect. */
  readonly script: string;
  /** The wrangler.toml whose runtime it has; by default that of this tree. */
  readonly config?: string;
  /** Whether the runtime compresses for each client that offers it, as it does by default. */
  readonly compresses?: boolean;
  /** Exported by it, bound as HUB. */
  readonly hubClass: string;
  readonly vars?: Readonly<Record<string, string>>;
  /** More modules, as `name: file`. */
  readonly beside?: Readonly<Record<string, string>>;
  /** Whether it has V8's inspector. */
  readonly inspected?: boolean;
  /** Flags of V8, such as one that limits its heap. */
  readonly v8Flags?: readonly string[];
}

/** One that runs, and listens on 127.0.0.1. */
export interface BareWorkerd extends Ports {
  readonly name: string;
  readonly pid: number;
  /** The lines that it has written to its output. */
  readonly output: readonly string[];
  stop(): Promise<void>;
}

const OWN_CONFIG = join(ROOT, "wrangler.toml");
const OFF = "no_web_socket_compression";

let stateFolder = join(ROOT, "node_modules/.cache/bench");

/** Sets where servers started from now on store their data. */
export function keepStateIn(folder: string): void {
  stateFolder = folder;
}

/** Where they store it. */
export function stateIn(): string {
  return stateFolder;
}

/** By default it stores its data on disk, as deployed, in a folder that is deleted when it stops. */
export async function startWorkerd(options: WorkerdOptions): Promise<BareWorkerd> {
  await mkdir(stateFolder, { recursive: true });
  await removeOrphans();
  const folder = await mkdtemp(join(stateFolder, `server-${process.pid}-`));
  await mkdir(join(folder, "disk"));
  await copyFile(options.script, join(folder, "worker.js"));
  const { beside = {} } = options;
  for (const [name, file] of Object.entries(beside)) await copyFile(file, join(folder, name));
  await writeFile(join(folder, "config.capnp"), configText(options));
  const args = [
    "serve",
    "config.capnp",
    "--control-fd=3",
    ...(options.inspected ? ["--inspector-addr=127.0.0.1:0"] : []),
  ];
  const child = spawn(join(ROOT, "node_modules/workerd/bin/workerd"), args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream as Readable }).on("line", (line) => output.push(line));
  }
  const end = () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", end); // also when a bench is interrupted
  const ended = once(child, "exit");
  const ports = await Promise.race([listening(child.stdio[3] as Readable), ended.then(() => null)]);
  if (ports === null) throw new Error(`workerd ended: ${output.join("\n")}`);
  return {
    name: options.name,
    ...ports,
    pid: child.pid ?? 0,
    output,
    async stop() {
      child.kill("SIGKILL");
      await ended;
      end();
      process.off("exit", end);
    },
  };
}

/** Deletes what a bench left behind that was ended by SIGKILL: a log of a million events is large. */
async function removeOrphans(): Promise<void> {
  for (const name of await readdir(stateFolder)) {
    const pid = /^server-(\d+)-/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) await rm(join(stateFolder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

interface Ports {
  readonly port: number;
  /** Of the inspector, if it was asked for. */
  readonly inspectorPort: number | null;
}

/** workerd reports on its control pipe what it listens on, one line of JSON each: the inspector first. @returns `null` if it ended */
async function listening(control: Readable): Promise<Ports | null> {
  let inspectorPort: number | null = null;
  for await (const line of createInterface({ input: control })) {
    const report = JSON.parse(line) as { event: string; socket?: string; port?: number };
    if (report.event === "listen-inspector") inspectorPort = report.port ?? null;
    if (report.event === "listen" && report.socket === "http") {
      control.resume(); // discards the rest: an unread pipe would fill
      return { port: report.port ?? 0, inspectorPort };
    }
  }
  return null;
}

function configText({ config = OWN_CONFIG, compresses = false, ...options }: WorkerdOptions): string {
  const { hubClass, vars = {}, beside = {}, v8Flags = [] } = options;
  const { compatibility_date, compatibility_flags = [] } = unstable_readConfig({ config });
  const flags = compresses ? compatibility_flags.filter((flag: string) => flag !== OFF) : compatibility_flags;
  const modules = ["worker.js", ...Object.keys(beside)].map((file) => `(name = "${file}", esModule = embed "${file}")`);
  const texts = Object.entries(vars).map(([name, value]) => `(name = "${name}", text = ${JSON.stringify(value)})`);
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "disk", disk = (path = "disk", writable = true)),
    (name = "assets", worker = .assets),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
  v8Flags = ${JSON.stringify(v8Flags)},
);

const main :Workerd.Worker = (
  compatibilityDate = "${compatibility_date}",
  compatibilityFlags = ${JSON.stringify(flags)},
  modules = [${modules.join(", ")}],
  durableObjectNamespaces = [(className = "${hubClass}", uniqueKey = "${hubClass}", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    ${[`(name = "HUB", durableObjectNamespace = "${hubClass}")`, '(name = "ASSETS", service = "assets")', ...texts].join(",\n    ")},
  ],
);

const assets :Workerd.Worker = (
  compatibilityDate = "${compatibility_date}",
  modules = [(name = "assets.js", esModule = "export default { fetch: () => new Response(null, { status: 404 }) }")],
);
`;
}
