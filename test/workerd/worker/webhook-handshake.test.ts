import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import worker from "../../../src/worker/index.ts";

const SENDER = "eventgrid.azure.net";
const GRANTED = ["WebHook-Allowed-Origin", "WebHook-Allowed-Rate"];

function ask(headers: Record<string, string>, vars: object = {}, path = "/api/events"): Promise<Response> {
  const { HUB, ASSETS } = env;
  const variables = {
    HUB,
    ASSETS,
    REACTOR_API_KEY: "dev-key",
    WEBHOOK_ORIGINS: `${SENDER}, Events.example.org`,
    ...vars,
  };
  const init = { method: "OPTIONS", headers };
  const request = new Request(`http://hub.test${path}`, init) as Request<unknown, IncomingRequestCfProperties>;
  return Promise.resolve(worker.fetch(request, variables, { waitUntil() {} } as unknown as ExecutionContext));
}

const granted = ({ headers }: Response) => GRANTED.map((name) => headers.get(name));

it("[M9] grants a sender that is listed its leave, at any rate", async () => {
  for (const headers of [
    {},
    { "WebHook-Request-Rate": "120" },
    { "WebHook-Request-Callback": "https://x.example/1" },
  ]) {
    const reply = await ask({ "WebHook-Request-Origin": SENDER, ...headers });
    expect([reply.status, await reply.text()]).toEqual([200, ""]);
    expect(granted(reply)).toEqual([SENDER, "*"]);
    expect(reply.headers.get("Allow")).toContain("POST");
  }
});

it("[M9] compares names as the DNS does, and repeats the sender's own spelling", async () => {
  expect(granted(await ask({ "WebHook-Request-Origin": "EVENTS.example.ORG" }))).toEqual(["EVENTS.example.ORG", "*"]);
});

it("[M9] grants the rate that was asked for where Cloudflare counts emits", async () => {
  const vars = { EMIT_LIMIT: { limit: async () => ({ success: true }) } };
  const asked = { "WebHook-Request-Origin": SENDER, "WebHook-Request-Rate": "120" };
  expect(granted(await ask(asked, vars))).toEqual([SENDER, "120"]);
  expect(granted(await ask({ "WebHook-Request-Origin": SENDER }, vars))).toEqual([SENDER, null]);
});

it.each([
  [{ "WebHook-Request-Origin": "evil.example" }, {}],
  [{ "WebHook-Request-Origin": `x.${SENDER}` }, {}],
  [{ "WebHook-Request-Origin": "" }, {}],
  [{ "WebHook-Request-Origin": "*" }, {}],
  [{ "WebHook-Request-Origin": SENDER }, { WEBHOOK_ORIGINS: undefined }],
])("[M9] refuses %j with %j, and names the variable", async (headers, vars) => {
  const reply = await ask(headers, vars);
  expect([reply.status, ...granted(reply)]).toEqual([403, null, null]);
  const problem = await reply.json<{ detail: string }>();
  expect(problem).toMatchObject({ code: "foreign_origin" });
  expect(problem.detail).toContain("WEBHOOK_ORIGINS");
});

it.each(["0", "-1", "1.5", "often", "1 0", ""])("[M9] refuses the rate %j", async (rate) => {
  const reply = await ask({ "WebHook-Request-Origin": SENDER, "WebHook-Request-Rate": rate });
  expect([reply.status, ...granted(reply)]).toEqual([400, null, null]);
  expect(await reply.json()).toMatchObject({ code: "bad_limit" });
});

it("[M9] is no answer of other routes, nor to a preflight", async () => {
  expect(granted(await ask({ "WebHook-Request-Origin": SENDER }, {}, "/ws/stats"))).toEqual([null, null]);
  const preflight = await ask({ Origin: "http://hub.test", "Access-Control-Request-Method": "POST" });
  expect([preflight.status, ...granted(preflight)]).toEqual([204, null, null]);
});
