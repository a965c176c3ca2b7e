// The conformance tool with invalid options, and with rules that it cannot check without a secret.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test, vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 }); // each runs the program, once or more

const TOOL = join(import.meta.dirname, "../../../tools/conformance/conformance.ts");

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { REACTOR_API_KEY: _, REACTOR_JWT_SECRET: __, ...env } = process.env;
  const child = spawn(process.execPath, [TOOL, ...args], { env });
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      written[name] += text;
    });
  }
  const [code] = await once(child, "close");
  return { code, ...written };
}

test.each([
  [["--secret", "short"], "--secret must have 32 bytes or more, and has 5."],
  [["--secret", ""], "--secret must have 32 bytes or more, and has 0."],
  [["--audience", "us"], "--audience and --issuer need --secret."],
  [["--key", "two words"], "--key must be visible ASCII, since it is sent in a header."],
  [["--key", ""], "--key must be visible ASCII, since it is sent in a header."],
  [["localhost:8787"], 'The url must begin with http:// or https://, not "localhost:8787".'],
  [["--timeout", "soon"], '--timeout must be a number above 0, not "soon"'],
  [["--rule", "Z9"], "SPEC.md has no rule Z9."],
])("%j is refused with a sentence", async (args, sentence) => {
  const { code, stderr } = await run(...args);
  expect(stderr.split("\n")[0]).toBe(sentence);
  expect(code).toBe(2);
});

test("a credential that the hub refuses is reported once; rules that need a secret are listed if none is given", async () => {
  const server = createServer((request, response) => {
    const isRefused =
      request.headers.authorization?.startsWith("Bearer ey") || request.headers.authorization?.endsWith("no");
    response.writeHead(isRefused ? 401 : 200).end(JSON.stringify(isRefused ? { detail: "It is unknown." } : {}));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await run(url, "--key", "no")).toMatchObject({
    code: 2,
    stderr: `${url} refuses the --key: It is unknown.\n`,
  });
  const secret = await run(url, "--key", "yes", "--secret", "x".repeat(32));
  expect(secret.stderr).toBe(`${url} refuses a token that is signed with the --secret: It is unknown.\n`);
  const { stdout } = await run(url, "--key", "yes", "--rule", "T3", "--rule", "T8", "--json");
  expect(JSON.parse(stdout)).toMatchObject({ passed: 0, failed: 0, notChecked: 2 });
  expect(JSON.parse(stdout).unchecked).toEqual([
    { rule: "T8", why: expect.stringMatching(/^not visible from outside: /) },
    { rule: "T3", why: expect.stringMatching(/no --secret was given/) },
  ]);
  server.closeAllConnections();
  server.close();
});
