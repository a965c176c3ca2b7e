// WebKitGTK's MiniBrowser by WebDriver, a protocol over HTTP, on a screen of its own in memory (Xvfb): it has no headless mode.
import { once } from "node:events";
import { createServer } from "node:net";
import type { OtherBrowser, OtherBrowserKind } from "./other-browser.ts";
import { folderFor, startProgram } from "./program-on-path.ts";

export const WEBKIT: OtherBrowserKind = {
  name: "WebKitGTK",
  packages: "webkit2gtk-driver xvfb",
  programs: ["WebKitWebDriver", "Xvfb"],
  start,
};

async function start(): Promise<OtherBrowser> {
  const home = await folderFor("webkit");
  const screen = startProgram("Xvfb", ["-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp"]);
  const port = await freePort();
  const end = async () => {
    await screen.end();
    await home.remove();
  };
  try {
    const driver = startProgram("WebKitWebDriver", [`--port=${port}`], {
      DISPLAY: `:${await screen.printed(/^(\d+)$/)}`,
      GDK_BACKEND: "x11",
      HOME: home.path, // its cache and settings
      NO_AT_BRIDGE: "1", // no accessibility bus
      WEBKIT_DISABLE_DMABUF_RENDERER: "1", // no graphics card
      XDG_RUNTIME_DIR: home.path,
    });
    try {
      const { sessionId, capabilities } = await newSession(port);
      const path = `/session/${sessionId}`;
      return {
        version: `${capabilities.browserName} of WebKitGTK ${capabilities.browserVersion}`,
        goto: async (url) => void (await call(port, "POST", `${path}/url`, { url })),
        async evaluate(expression) {
          const script = `return JSON.stringify(${expression})`;
          const value = await call<string | null>(port, "POST", `${path}/execute/sync`, { script, args: [] });
          return value === null ? undefined : JSON.parse(value);
        },
        async close() {
          await call(port, "DELETE", path).catch(() => {}); // the browser may have ended by itself
          await driver.end();
          await end();
        },
      };
    } catch (error) {
      await driver.end();
      throw error;
    }
  } catch (error) {
    await end();
    throw error;
  }
}

interface NewSession {
  readonly sessionId: string;
  readonly capabilities: { readonly browserName: string; readonly browserVersion: string };
}

const CAPABILITIES = { capabilities: { alwaysMatch: { pageLoadStrategy: "normal" } } };

/** The driver does not say when it listens. */
async function newSession(port: number): Promise<NewSession> {
  for (const deadline = Date.now() + 20_000; ; ) {
    try {
      await call(port, "GET", "/status");
      break;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return await call<NewSession>(port, "POST", "/session", CAPABILITIES);
}

async function call<Value>(port: number, method: string, path: string, body?: object): Promise<Value> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body ? JSON.stringify(body) : null });
  const { value } = (await response.json()) as { value: Value & { readonly message?: string } };
  if (!response.ok) throw new Error(`${method} ${path}: ${value.message}`);
  return value;
}

/** The driver takes no 0 for any port, and prints none. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
