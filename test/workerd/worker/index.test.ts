import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import worker from "../../../src/worker/index.ts";

afterEach(() => vi.restoreAllMocks());

const CONTEXT = { waitUntil() {} } as unknown as ExecutionContext;

/** The Worker in front of hubs that all fail. */
function ask(path: string): Promise<Response> {
  const status = () => Promise.reject(new Error("a secret of the inside\n[ERROR] forged\u001b[31m"));
  const broken = { getByName: () => ({ status, statusFor: status }) } as unknown as typeof env.HUB;
  const request = new Request(`http://hub.test${path}`) as Request<unknown, IncomingRequestCfProperties>;
  return Promise.resolve(worker.fetch(request, { HUB: broken, ASSETS: env.ASSETS }, CONTEXT));
}

it("[H5] answers an unexpected error with the id that is in the log, and without its message", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const reply = await ask("/ws/stats");
  const body = await reply.text();
  expect([reply.status, JSON.parse(body).code]).toEqual([500, "internal"]);
  expect(body).not.toContain("secret");
  const id = /request ([0-9a-f-]{36})/.exec(body)?.[1];
  expect(String(log.mock.calls[0]?.[0])).toContain(id);
});

it("[H21] reports a failing hub with 503, and a Worker that serves with 200", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const reply = await ask("/ws/health");
  expect(reply.status).toBe(503);
  const timestamp = expect.any(Number);
  const reactor = { status: "error", error: "The hub did not answer." };
  expect(await reply.json()).toEqual({ reactor, websocket: null, timestamp });
  const worker = await ask("/health");
  expect(worker.status).toBe(200);
  expect(await worker.json()).toMatchObject({ status: "healthy", hub: { status: "error", timestamp } });
});

it.each(["/ws/stats", "/ws/health", "/health"])(
  "[B9] logs the error of %s, with no message at the start of a line",
  async (path) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    await ask(path);
    const lines = log.mock.calls.flat().join(" ").split("\n");
    expect(lines[0]).toMatch(/Error: "a secret of the inside\\n\[ERROR\] forged\\u001b\[31m"$/);
    expect(lines.slice(1).filter((line) => !/^ +at /.test(line))).toEqual([]);
  },
);
