// The demo's emitter against a server that answers what a test tells it to.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { postEvents } from "../../../tools/demo/post-events.ts";

type Answer = { status: number; body: unknown };

let answers: Answer[];
let bodies: string[];
let target: { url: string; key: string; onRetry: (why: string) => void };
let retries: string[];
const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  bodies.push(body);
  const { status, body: answer } = answers.shift() as Answer;
  response.writeHead(status).end(typeof answer === "string" ? answer : JSON.stringify(answer));
});

beforeEach(async () => {
  [answers, bodies, retries] = [[], [], []];
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  target = { url: `http://127.0.0.1:${port}/api/events`, key: "k", onRetry: (why) => retries.push(why) };
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const stored = { status: 200, body: { cursor: "e.1", events: [{ id: "q1", seq: 1, duplicate: false }] } };

test("a temporary failure is retried with the same body", async () => {
  answers = [{ status: 500, body: { code: "internal", detail: "request 1" } }, stored];
  expect(await postEvents([{ id: "q1" }], target)).toEqual(stored.body);
  expect(bodies).toEqual(['[{"id":"q1"}]', '[{"id":"q1"}]']);
  expect(retries).toEqual([expect.stringContaining("internal: request 1")]);
});

test("a refusal is not retried, and its code and detail are reported", async () => {
  answers = [{ status: 409, body: { code: "id_conflict", detail: "q1 was something else" } }];
  await expect(postEvents([{ id: "q1" }], target)).rejects.toThrow("id_conflict: q1 was something else");
  expect(bodies).toHaveLength(1);
});

test("a 503 that only a setting fixes is a refusal", async () => {
  answers = [{ status: 503, body: { code: "reactor_disabled", detail: "REACTOR_ENABLED is false" } }];
  await expect(postEvents([], target)).rejects.toThrow("reactor_disabled");
});

test("an answer that is not a hub's is reported", async () => {
  answers = [{ status: 404, body: "<h1>some other server</h1>" }];
  await expect(postEvents([], target)).rejects.toThrow("some other server");
});
