// Firefox by WebDriver BiDi, a protocol of JSON messages over a WebSocket. (Playwright speaks it too, `channel: "moz-firefox"`, but 1.65
// begins every page with a command that Firefox ESR 153 does not know, emulation.setMediaFeaturesOverride.)
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WebSocket } from "ws";
import type { OtherBrowser, OtherBrowserKind } from "./other-browser.ts";
import { folderFor, startProgram } from "./program-on-path.ts";

export const FIREFOX: OtherBrowserKind = {
  name: "Firefox",
  packages: "firefox-esr",
  programs: ["firefox-esr"],
  start,
};

/** Nothing that asks the network by itself; what the client sees of the network stays as it is for users. */
const PREFERENCES = {
  "app.update.disabledForTesting": true,
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "toolkit.telemetry.server": "",
};

async function start(): Promise<OtherBrowser> {
  const profile = await folderFor("firefox");
  const lines = Object.entries(PREFERENCES).map(
    (preference) => `user_pref(${preference.map((it) => JSON.stringify(it))});`,
  );
  await writeFile(join(profile.path, "user.js"), lines.join("\n"));
  const args = ["--headless", "--no-remote", "--profile", profile.path, "--remote-debugging-port=0"];
  const program = startProgram("firefox-esr", args, { HOME: profile.path }); // root's Firefox refuses a home of another
  try {
    const url = await program.printed(/WebDriver BiDi listening on (ws:\S+)/);
    const bidi = await Bidi.open(`${url}/session`);
    const { capabilities } = await bidi.send<NewSession>("session.new", { capabilities: {} });
    const { contexts } = await bidi.send<Tree>("browsingContext.getTree", { maxDepth: 0 });
    const context = contexts[0]?.context;
    return {
      version: `Firefox ${capabilities.browserVersion}`,
      goto: async (to) => void (await bidi.send("browsingContext.navigate", { context, url: to, wait: "complete" })),
      async evaluate(expression) {
        const evaluated = await bidi.send<Evaluated>("script.evaluate", {
          expression: `JSON.stringify(${expression})`,
          target: { context },
          awaitPromise: false,
        });
        if (evaluated.type === "exception") throw new Error(`${expression}: ${evaluated.exceptionDetails.text}`);
        return evaluated.result.value === undefined ? undefined : JSON.parse(evaluated.result.value);
      },
      async close() {
        await program.end(() => bidi.send("browser.close", {}));
        bidi.close();
        await profile.remove();
      },
    };
  } catch (error) {
    await program.end();
    await profile.remove();
    throw error;
  }
}

interface NewSession {
  readonly capabilities: { readonly browserVersion: string };
}
interface Tree {
  readonly contexts: readonly { readonly context: string }[];
}
type Evaluated =
  | { readonly type: "success"; readonly result: { readonly value?: string } }
  | { readonly type: "exception"; readonly exceptionDetails: { readonly text: string } };

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly message?: string;
}

class Bidi {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, PromiseWithResolvers<Answer>>();
  #count = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (text) => {
      const answer: Answer = JSON.parse(String(text));
      if (answer.id === undefined) return; // an event
      this.#answers.get(answer.id)?.resolve(answer);
      this.#answers.delete(answer.id);
    });
    socket.on("close", () => {
      for (const { reject } of this.#answers.values()) reject(new Error("Firefox has ended."));
    });
  }

  static async open(url: string): Promise<Bidi> {
    const socket = new WebSocket(url);
    await once(socket, "open");
    return new Bidi(socket);
  }

  async send<Result>(method: string, params: object): Promise<Result> {
    const id = ++this.#count;
    const answered = Promise.withResolvers<Answer>();
    this.#answers.set(id, answered);
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, message } = await answered.promise;
    if (message !== undefined) throw new Error(`${method}: ${message}`);
    return result as Result;
  }

  close(): void {
    this.#socket.terminate();
  }
}
