// The conformance suite against servers that are no hubs: a check that cannot fail would prove nothing.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { BODY_CHECKS } from "../../../tools/conformance/checks-bodies.ts";
import { CLOUDEVENT_CHECKS } from "../../../tools/conformance/checks-cloudevents.ts";
import { HTTP_CHECKS } from "../../../tools/conformance/checks-http.ts";
import type { Target } from "../../../tools/conformance/hub-under-test.ts";
import { CHECKS, runChecks } from "../../../tools/conformance/run-checks.ts";

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function fake(listener: RequestListener): Promise<Target> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, key: "k", tokens: { secret: "the secret of a server that is no hub" } };
}

const overHttp = [...HTTP_CHECKS, ...BODY_CHECKS, ...CLOUDEVENT_CHECKS];
const rulesOf = (checks: readonly { rule: string }[]) => checks.map(({ rule }) => rule);

/** Reads what it is sent, so that a large body is not a broken connection. */
const answering =
  (status: number, type: string, body: string): RequestListener =>
  (request, response) => {
    request.resume().once("end", () => response.writeHead(status, { "Content-Type": type }).end(body));
  };

test("every check fails on a hub that answers 200 to everything and stores nothing", async () => {
  const body = JSON.stringify({ cursor: "e.1", more: false, head: "e.1", after: "e.0", events: [{ id: "1", seq: 1 }] });
  const outcomes = await runChecks(await fake(answering(200, "application/json", body)), CHECKS, { timeoutMs: 2_000 });
  expect(rulesOf(outcomes.filter(({ ok }) => ok))).toEqual([]);
});

test("every check over HTTP fails on a hub that answers nonsense", async () => {
  const outcomes = await runChecks(await fake(answering(200, "text/html", "<p>hello")), overHttp);
  expect(rulesOf(outcomes.filter(({ ok }) => !ok))).toEqual(rulesOf(overHttp));
  expect(outcomes.length).toBeGreaterThan(10);
});

test("every check over HTTP, and of access, fails on a hub that refuses everything", async () => {
  const body = JSON.stringify({ title: "t", status: 400, code: "bad_event", detail: "no", pointer: "/type" });
  const checks = [...overHttp, ...CHECKS.filter(({ needsSecret }) => needsSecret)];
  expect(checks.length).toBeGreaterThan(overHttp.length + 10);
  const outcomes = await runChecks(await fake(answering(400, "application/problem+json", body)), checks);
  expect(rulesOf(outcomes.filter(({ ok }) => ok))).toEqual([]);
});

test("every check of access fails on a hub that refuses every client, and on one that refuses every token", async () => {
  const checks = CHECKS.filter(({ needsSecret }) => needsSecret);
  for (const [status, code] of [
    [401, "unauthorized"],
    [403, "forbidden"],
  ] as const) {
    const body = JSON.stringify({ title: "t", status, code, detail: `"sub" "exp" "events" "emit" "channels"` });
    const outcomes = await runChecks(await fake(answering(status, "application/problem+json", body)), checks);
    expect(rulesOf(outcomes.filter(({ ok }) => ok))).toEqual([]);
  }
});

test("a hub that never answers fails within the time limit, and the reason names what was missing", async () => {
  const [outcome] = await runChecks(await fake(() => {}), HTTP_CHECKS.slice(0, 1), { timeoutMs: 50 });
  expect(outcome).toMatchObject({ ok: false, why: expect.stringContaining("the answer to POST /api/events") });
});
