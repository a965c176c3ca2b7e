// The browser of the e2e tests and of a bench: an installed one, else the one in the package @sparticuz/chromium. REACTOR_BROWSER
// selects: `carried` for that of the package, or the path of a Chrome or Chromium.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";

/** How to start a browser; passed from the setup to the tests, so only serializable values. */
export interface PreparedBrowser {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The package's browser finds its fonts only in /tmp, and a page without fonts has no visible text. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`;

/** Run once by a program: two that unpack at the same time would conflict. */
export async function prepareBrowser(): Promise<PreparedBrowser> {
  const wish = process.env.REACTOR_BROWSER || undefined;
  if (wish === "carried") return unpackCarried();
  const executablePath = wish ?? installedBrowser();
  if (executablePath === undefined) return unpackCarried();
  if (!existsSync(executablePath)) throw new Error(`REACTOR_BROWSER is "${wish}", and there is no such file`);
  return { executablePath, env: {} };
}

/**
 * Never with the arguments that the package recommends: those switch the same-origin policy off and put every tab into
 * one process.
 */
export function launch({ executablePath, env }: PreparedBrowser, options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({
    ...options,
    executablePath,
    args: ["--no-sandbox", "--disable-quic", "--no-first-run", ...(options.args ?? [])],
    env: { ...(process.env as Record<string, string>), ...env },
  });
}

function installedBrowser(): string | undefined {
  return candidates().find((path) => existsSync(path));
}

function candidates(): string[] {
  const below = (folders: (string | undefined)[], paths: string[]) =>
    folders.filter((folder) => folder !== undefined).flatMap((folder) => paths.map((path) => join(folder, path)));
  const { env } = process;
  switch (process.platform) {
    case "darwin":
      return below(
        ["/Applications", join(env.HOME ?? "", "Applications")],
        ["Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium"],
      );
    case "win32":
      return below(
        [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA],
        ["Google\\Chrome\\Application\\chrome.exe", "Chromium\\Application\\chrome.exe"],
      );
    default:
      return below((env.PATH ?? "").split(delimiter).filter(Boolean), [
        "google-chrome",
        "google-chrome-stable",
        "chromium",
        "chromium-browser",
      ]);
  }
}

/** Unpacks into a new folder, then renames it: the package uses whatever is there, even half a browser. */
async function unpackCarried(): Promise<PreparedBrowser> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("no browser found: install Chrome or Chromium, or set REACTOR_BROWSER to the path of one");
  }
  const { version } = JSON.parse(await readFile("node_modules/@sparticuz/chromium/package.json", "utf8"));
  const cache = resolve("node_modules/.cache/browser");
  const home = join(cache, version);
  if (!existsSync(home)) {
    await mkdir(cache, { recursive: true });
    const fresh = await mkdtemp(join(cache, "unpacking-"));
    const { default: carried } = await import("@sparticuz/chromium");
    // TMPDIR is the target; the other says that this machine may lack libnss3 and the like, so that it brings its own.
    await withEnv({ TMPDIR: fresh, AWS_LAMBDA_JS_RUNTIME: "nodejs24.x" }, () => carried.executablePath());
    await writeFile(join(fresh, "fonts.conf"), FONTS);
    await rename(fresh, home);
  }
  return {
    executablePath: join(home, "chromium"),
    env: { LD_LIBRARY_PATH: join(home, "al2023", "lib"), FONTCONFIG_FILE: join(home, "fonts.conf") },
  };
}

/** Another object in place of `process.env` would leave the changes where `os.tmpdir()` reads them. */
async function withEnv(changes: Readonly<Record<string, string>>, action: () => Promise<unknown>): Promise<void> {
  const before = Object.keys(changes).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, changes);
  try {
    await action();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
