// The transcript of SECURITY.md, line by line, against the built Worker; and what curl cannot do.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mintToken } from "../../tools/token/mint-token.ts";
import { type Server, startServer } from "./server.ts";

const ROOT = join(import.meta.dirname, "../..");
const SECRET = "the signing secret of this test's hub";
const END_OF_ANSWER = "\u0004";

let server: Server;

beforeAll(async () => {
  server = await startServer({ vars: { REACTOR_JWT_SECRET: SECRET } });
});
afterAll(() => server.stop());

/** The commands of the transcript, each with its output. */
function readTranscript(): { command: string; answer: string }[] {
  const text = readFileSync(join(ROOT, "SECURITY.md"), "utf8");
  const [, block = ""] = /```console\n([\s\S]*?)```/.exec(text) ?? [];
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((entry) => {
      const [command = "", ...answer] = entry.split("\n");
      return { command, answer: answer.join("\n").trim() };
    });
}

/** Runs them in one shell, which keeps variables between them. */
async function runAll(commands: readonly string[]): Promise<string[]> {
  const script = commands.map((command) => `${command}\nprintf '\\004'`).join("\n");
  const { stdout } = await promisify(execFile)("bash", ["-c", script], {
    cwd: ROOT,
    env: { ...process.env, HUB: server.url, KEY: "dev-key", REACTOR_JWT_SECRET: SECRET },
  });
  return stdout.split(END_OF_ANSWER).map((answer) => answer.trim());
}

/** `…` in the transcript matches anything. */
function pattern(answer: string): RegExp {
  const parts = answer.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[\\s\\S]*?")}$`);
}

it("[T11] [T12] [T13] answers the commands of SECURITY.md as shown there", async () => {
  const transcript = readTranscript();
  expect(transcript.length).toBeGreaterThan(15);
  const answers = await runAll(transcript.map(({ command }) => command));
  for (const [n, { command, answer }] of transcript.entries()) {
    expect(answers[n], command).toMatch(pattern(answer));
  }
});

function closeOf(protocols: string[], query = ""): Promise<{ code: number; reason: string }> {
  const socket = new WebSocket(`${server.wsUrl}/ws/stream${query}`, protocols);
  return new Promise((resolve) => {
    socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
  });
}

it("[T11] closes a v1 socket with a code that says whether to reconnect, and echoes no token", async () => {
  const mint = (wish: object) => mintToken({ sub: "ada", expires: "1h", ...wish }, { REACTOR_JWT_SECRET: SECRET });
  const other = await mint({ channels: "other" });
  expect(await closeOf(["reactor.v1"])).toMatchObject({ code: 4401 });
  expect(await closeOf(["reactor.v1", "reactor.token.a.b.c"])).toMatchObject({ code: 4401 });
  expect(await closeOf(["reactor.v1", `reactor.token.${other}`])).toEqual({
    code: 4503,
    reason: "This token is not valid for this channel.",
  });
  expect(await closeOf(["reactor.v1"], `?token=${other}`)).toMatchObject({ code: 4503 });
  const socket = new WebSocket(`${server.wsUrl}/ws/stream?channel=other`, ["reactor.v1", `reactor.token.${other}`]);
  const welcome = new Promise<string>((resolve) => {
    socket.addEventListener("message", ({ data }) => resolve(JSON.parse(String(data)).type), { once: true });
  });
  expect(await welcome).toBe("reactor_connected");
  expect(socket.protocol).toBe("reactor.v1");
  socket.close();
});

it("[T8] fetches an identity provider's keys once for many clients, and not for many forged tokens", async () => {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "one" }] });
  let asked = 0;
  const provider = createServer((_, reply) => {
    asked++;
    reply.end(keys);
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const { port } = provider.address() as AddressInfo;
  const hub = await startServer({ vars: { REACTOR_JWKS_URL: `http://127.0.0.1:${port}/keys` } });
  const tokenBy = (kid: string) =>
    new SignJWT({ sub: "ada" }).setProtectedHeader({ alg: "ES256", kid }).setExpirationTime("1h").sign(privateKey);
  const statuses = async (tokens: readonly string[]) => {
    const replies = tokens.map((token) =>
      fetch(`${hub.url}/api/events`, { headers: { Authorization: `Bearer ${token}` } }),
    );
    return new Set((await Promise.all(replies)).map(({ status }) => status));
  };
  try {
    expect(await statuses(Array(50).fill(await tokenBy("one")))).toEqual(new Set([200]));
    expect(asked).toBe(1);
    const forged = await Promise.all(Array.from({ length: 200 }, (_, n) => tokenBy(`forged-${n}`)));
    expect(await statuses(forged)).toEqual(new Set([401]));
    expect(asked).toBe(1);
  } finally {
    await hub.stop();
    provider.close();
  }
});
