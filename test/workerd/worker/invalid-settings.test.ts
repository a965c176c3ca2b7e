import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import worker from "../../../src/worker/index.ts";

afterEach(() => vi.restoreAllMocks());

const APP = "https://app.example.org";

function ask(path: string, vars: object, init: RequestInit = {}): Promise<Response> {
  const { HUB, ASSETS } = env;
  const request = new Request(`http://hub.test${path}`, init) as Request<unknown, IncomingRequestCfProperties>;
  return Promise.resolve(
    worker.fetch(request, { HUB, ASSETS, ...vars }, { waitUntil() {} } as unknown as ExecutionContext),
  );
}

/** The first is used by the Hub only, the second by both, the others by the Worker only. */
const INVALID = {
  HEARTBEAT_SECONDS: "often",
  REACTOR_ENABLED: "off",
  ALLOWED_ORIGINS: `${APP},app.example.org`,
  CHANNELS: "a b",
  WEBHOOK_ORIGINS: "https://a.example",
};

const routes = [
  "/ws/stream",
  "/api/events",
  "/ws/status",
  "/ws/stats",
  "/ws/health",
  "/health",
  "/live",
  "/",
  "/nothing",
];

it.each(Object.entries(INVALID))(
  "[H5] answers 500 at every route while %s is invalid, and logs its name",
  async (name, value) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    for (const path of routes) {
      for (const method of ["GET", "POST", "OPTIONS"]) {
        log.mockClear();
        const reply = await ask(path, { [name]: value }, { method, headers: { Origin: APP } });
        const body = await reply.json<{ code: string; detail: string }>();
        expect([method, path, reply.status, body.code]).toEqual([method, path, 500, "internal"]);
        expect(body.detail).not.toContain(name);
        const id = /request ([0-9a-f-]{36})/.exec(body.detail)?.[1];
        expect(log.mock.calls.map((call) => call.join(" "))).toEqual([expect.stringMatching(`${id}.*${name} must be`)]);
        expect(reply.headers.get("X-Content-Type-Options")).toBe("nosniff");
      }
    }
  },
);

it("[H13] answers HEAD without a body while a variable is invalid", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const reply = await ask("/health", INVALID, { method: "HEAD" });
  expect([reply.status, await reply.text()]).toEqual([500, ""]);
});
