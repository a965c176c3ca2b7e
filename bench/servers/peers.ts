// Servers in C and Go that a user would pick for speed: nchan (a module of nginx) and NATS, as Debian packages them. Each runs
// with a configuration of its own in a temporary folder, on free ports of 127.0.0.1, and ends with the bench.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { connect, createServer, type Server as NetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { stateIn } from "../../tools/workerd/bare-workerd.ts";
import { checkAck, SUBJECT } from "../load/nats-lane.ts";
import { NatsReader } from "../load/nats-reader.ts";
import type { Server } from "./server.ts";

export type PeerName = "nchan" | "NATS" | "JetStream";

const NGINX = "/usr/sbin/nginx";
const NCHAN = "/usr/lib/nginx/modules/ngx_nchan_module.so";
const NATS = "/usr/sbin/nats-server";

const FILES: Readonly<Record<PeerName, readonly string[]>> = {
  nchan: [NGINX, NCHAN],
  NATS: [NATS],
  JetStream: [NATS],
};

const PACKAGES: Readonly<Record<PeerName, string>> = {
  nchan: "nginx libnginx-mod-nchan",
  NATS: "nats-server",
  JetStream: "nats-server",
};

const READY_WITHIN_MS = 10_000;

/** `null` if it can be started, else a sentence that says why not. */
export function missingPeer(name: PeerName): string | null {
  const missing = FILES[name].find((file) => !existsSync(file));
  return missing ? `${name} is left out: there is no ${missing} (apt-get install ${PACKAGES[name]})` : null;
}

export function startPeer(name: PeerName): Promise<Server> {
  return name === "nchan" ? startNchan() : startNats(name);
}

/** Its buffer is in memory; the second worker process is what a second core is for. */
async function startNchan(): Promise<Server> {
  const [port = 0] = await freePorts(1);
  const folder = await mkdtemp(join(tmpdir(), "bench-nchan-"));
  const config = join(folder, "nginx.conf");
  await writeFile(config, nginxConfig(folder, port));
  return await startProcess("nchan", [NGINX, "-p", folder, "-c", config, "-e", "stderr"], folder, {
    port,
    speaks: { to: { protocol: "http", path: "/publish" }, path: "/subscribe", dialect: "frames" },
  });
}

function nginxConfig(folder: string, port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `load_module ${NCHAN};
${process.getuid?.() === 0 ? "user root;" : ""}
daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
worker_processes 2;
worker_rlimit_nofile 16384;
events { worker_connections 8192; }
http {
  access_log off;
  gzip off;
  keepalive_requests 1000000000;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
  nchan_shared_memory_size 512M;
  server {
    listen 127.0.0.1:${port} backlog=1024;
    location = /publish {
      nchan_publisher;
      nchan_channel_id ${SUBJECT};
      nchan_message_buffer_length 10000;
      nchan_message_timeout 5m;
    }
    location = /subscribe {
      nchan_subscriber websocket;
      nchan_channel_id ${SUBJECT};
      nchan_subscriber_first_message newest;
    }
  }
}
`;
}

/** Subscribers that fall behind stay connected as long as they can: what is lost would not be measured. */
async function startNats(name: "NATS" | "JetStream"): Promise<Server> {
  const [port = 0, webPort = 0] = await freePorts(2);
  await mkdir(stateIn(), { recursive: true });
  const folder = await mkdtemp(join(name === "NATS" ? tmpdir() : stateIn(), `server-${process.pid}-`));
  const config = join(folder, "nats.conf");
  const store = name === "JetStream" ? `jetstream { store_dir: "${folder}/store" }` : "";
  await writeFile(
    config,
    `listen: "127.0.0.1:${port}"
max_pending: 1GB
write_deadline: "60s"
websocket { listen: "127.0.0.1:${webPort}", no_tls: true, compression: false }
${store}
`,
  );
  const protocol = name === "NATS" ? "nats" : "jetstream";
  const server = await startProcess(name, [NATS, "-c", config], folder, {
    port: webPort,
    speaks: { to: { protocol, port }, path: "/", dialect: "nats" },
  });
  if (name === "JetStream") await createStream(port);
  return server;
}

/** Stores events in files, as its default is: without a sync for each. */
async function createStream(port: number): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port });
  const config = JSON.stringify({
    name: "BENCH",
    subjects: [SUBJECT],
    storage: "file",
    retention: "limits",
    discard: "old",
    max_msgs: 100_000,
    num_replicas: 1,
  });
  try {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const reader = new NatsReader({
      message(bytes, start, end) {
        checkAck(bytes.toString("utf8", start, end));
        resolve();
      },
      line() {}, // it introduces itself
    });
    socket.on("error", reject);
    socket.on("data", (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        reject(error);
      }
    });
    socket.write('CONNECT {"verbose":false}\r\nSUB created 1\r\n');
    socket.write(`PUB $JS.API.STREAM.CREATE.BENCH created ${Buffer.byteLength(config)}\r\n${config}\r\n`);
    await promise;
  } finally {
    socket.destroy();
  }
}

/** @param folder is deleted when it stops */
async function startProcess(
  name: PeerName,
  [program = "", ...args]: readonly string[],
  folder: string,
  { port, speaks }: Pick<Server, "port"> & Required<Pick<Server, "speaks">>,
): Promise<Server> {
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => output.push(line));
  }
  // Not SIGKILL: the worker processes of nginx would go on without their parent.
  const end = () => {
    child.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", end); // also when a bench is interrupted
  const ended = once(child, "exit");
  const late = Date.now() + READY_WITHIN_MS;
  while (!(await accepts(port)) && child.exitCode === null && Date.now() < late) await sleep(20);
  if (child.exitCode !== null) throw new Error(`${name} ended: ${output.join("\n")}`);
  return {
    name,
    port,
    pid: child.pid ?? 0,
    output,
    speaks,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      end();
      process.off("exit", end);
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Ports that no process listens on; they could be taken before a server has started, which then says so. */
async function freePorts(count: number): Promise<number[]> {
  const servers: NetServer[] = [];
  for (let index = 0; index < count; index++) {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
