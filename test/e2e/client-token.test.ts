// The client's tokens and emits, against the built Worker: in this process, and in a browser under StrictMode.
import { join } from "node:path";
import { build } from "esbuild";
import { SignJWT } from "jose";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connect } from "../../src/client/index.ts";
import { mintToken } from "../../tools/token/mint-token.ts";
import { launchBrowser } from "./browser.ts";
import { collect } from "./collector.ts";
import { openOwnPage } from "./own-page.ts";
import type { ServerOptions } from "./server.ts";
import { serve, stopAfterwards } from "./stops.ts";

const SECRETS = { REACTOR_JWT_SECRET: "a secret of at least thirty-two bytes, for tests" };

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const serveTokens = (options: ServerOptions = {}) =>
  serve({ vars: { HEARTBEAT_SECONDS: "0", ...SECRETS }, ...options });
const tokenOf = (sub: string, expires = "1h") =>
  mintToken({ sub, expires, events: "chat_*,news_*", emit: "chat_*" }, SECRETS);

it("[K9] [K12] emits from a socket, with its token's source, and is refused what it may not emit", async () => {
  const { url } = await serveTokens();
  const ada = collect({ url, token: () => tokenOf("ada") });
  const bob = collect({ url, token: await tokenOf("bob") });
  stopAfterwards(() => ada.reactor.close());
  stopAfterwards(() => bob.reactor.close());
  await bob.until(({ reactor }) => reactor.state === "connected");
  const receipt = await ada.reactor.emit("chat_message", { text: "hello" });
  expect(receipt).toMatchObject({ duplicate: false });
  expect(await ada.reactor.emit("chat_message", { text: "hello" }, { id: receipt.id })).toEqual({
    ...receipt,
    duplicate: true,
  });
  await bob.until(({ events }) => events.length === 1);
  expect(bob.events).toMatchObject([
    { type: "chat_message", data: { text: "hello" }, source: "user:ada", id: receipt.id },
  ]);
  await expect(ada.reactor.emit("news_processed")).rejects.toMatchObject({ code: "forbidden" });
});

it("[K13] has emitted each event once before and after the hub was killed", async () => {
  const first = await serveTokens({ keepState: true });
  const ada = collect({ url: first.url, cursor: "0.0", token: () => tokenOf("ada") });
  stopAfterwards(() => ada.reactor.close());
  await ada.reactor.emit("chat_message", 0);
  const emitted = [1, 2, 3].map((n) => ada.reactor.emit("chat_message", n));
  await first.kill();
  emitted.push(ada.reactor.emit("chat_message", 4));
  await serveTokens({ port: first.port, persistTo: first.persistTo });
  await Promise.all(emitted);
  await ada.until(({ events }) => events.length === 5);
  expect(ada.events.map(({ data }) => data).sort()).toEqual([0, 1, 2, 3, 4]);
});

it("[K10] keeps its socket when it replaces an expiring token, and [K11] is closed with one that it cannot replace", async () => {
  const { url } = await serveTokens();
  let asked = 0;
  const { reactor } = collect({ url, token: () => tokenOf("ada", ++asked === 1 ? "6s" : "1h") });
  stopAfterwards(() => reactor.close());
  const states: string[] = [];
  reactor.onState((state) => states.push(state));
  await expect.poll(() => asked, { timeout: 20_000 }).toBe(2);
  await reactor.emit("chat_message");
  expect([reactor.state, states]).toEqual(["connected", ["connected"]]);
  const ended = new Promise((resolve) => {
    const other = connect({ url, token: "not.a.token" });
    other.onState((state, lost) => resolve([state, lost?.code]));
  });
  expect(await ended).toEqual(["closed", 4401]);
});

it("[K11] receives in a browser why it is refused, and reconnects once with a fresh token", async () => {
  const server = await serveTokens();
  const { page, sockets } = await openOwnPage(browser, server, "<!doctype html>");
  const good = await tokenOf("ada");
  // As text, since the test's compiler would change the import() in a function.
  const states = await page.evaluate(`import("/static/js/client.js").then(({ connect }) => {
    const tokens = ["x.y.z", "${good}"];
    const states = [];
    const reactor = connect({ token: () => tokens.shift() });
    return new Promise((resolve) => reactor.onState((state, lost) => {
      states.push([state, lost?.code ?? null]);
      if (state === "connected") resolve(states);
    }));
  })`);
  expect(states).toEqual([
    ["reconnecting", 4401],
    ["connecting", null],
    ["connected", null],
  ]);
  expect(sockets.filter((url) => url.includes("token") || url.includes(good))).toEqual([]);
});

const sign = (claims: { readonly exp: number; readonly nbf?: number }) =>
  new SignJWT({ sub: "ada", ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(SECRETS.REACTOR_JWT_SECRET));
const nowS = () => Math.floor(Date.now() / 1_000);

it("[K11] comes in once the function that handed out an expired token has a good one", async () => {
  const { url } = await serveTokens();
  let asked = 0;
  const old = await sign({ exp: nowS() - 60 });
  const { reactor } = collect({ url, token: () => (++asked < 4 ? old : tokenOf("ada")) });
  stopAfterwards(() => reactor.close());
  const states: string[] = [];
  reactor.onState((state) => states.push(state));
  await expect.poll(() => reactor.state, { timeout: 20_000 }).toBe("connected");
  expect([asked, states.includes("closed")]).toEqual([4, false]);
});

it("[K11] comes in with a token of a clock that is 9 s ahead", async () => {
  const { url } = await serveTokens();
  const { reactor } = collect({ url, token: () => sign({ nbf: nowS() + 9, exp: nowS() + 3_600 }) });
  stopAfterwards(() => reactor.close());
  await expect.poll(() => reactor.state, { timeout: 20_000 }).toBe("connected");
});

it("[U2] [U1] has one socket under StrictMode with a token, presents another at once, and emits for a component", async () => {
  const server = await serveTokens();
  const { page, streamUrl, sockets, frames, errors } = await openOwnPage(browser, server, "<!doctype html>");
  const { outputFiles } = await build({
    stdin: { contents: PAGE, loader: "tsx", resolveDir: join(import.meta.dirname, "pages") },
    bundle: true,
    format: "iife",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"development"' },
    write: false,
  });
  const sent: string[] = [];
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(String(payload))));
  await page.evaluate(
    (tokens) => Object.assign(window, { tokens }),
    [await tokenOf("ada"), await tokenOf("ada", "2h")],
  );
  await page.addScriptTag({ content: String(outputFiles[0]?.text) });
  await page.locator("p", { hasText: "chat_message user:ada" }).waitFor();
  await page.click("#other");
  await expect.poll(() => sent.filter((text) => text.includes('"auth"')).length).toBe(1);
  await page.click("#emit");
  await page.locator("p", { hasText: "chat_message user:ada chat_click user:ada" }).waitFor();
  expect([sockets, errors]).toEqual([[streamUrl], []]);
  expect(frames.filter((text) => text.includes("reactor_connected"))).toHaveLength(1);
});

const PAGE = `
import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { ReactorProvider, useReactor } from "../../../src/react/index.ts";

function Chat() {
  const { events, emit } = useReactor();
  useEffect(() => void emit("chat_message", null, { id: "once" }), [emit]);
  return (
    <>
      <p>{events.map(({ type, source }) => type + " " + source).join(" ")}</p>
      <button id="emit" onClick={() => void emit("chat_click")} />
    </>
  );
}

function Page() {
  const [n, show] = useState(0);
  return (
    <>
      <ReactorProvider token={window.tokens[n]}><Chat /></ReactorProvider>
      <button id="other" onClick={() => show(1)} />
    </>
  );
}

const root = document.createElement("div");
document.body.append(root);
createRoot(root).render(<StrictMode><Page /></StrictMode>);
`;
