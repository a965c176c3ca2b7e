// `npm run screenshots`: the live page of a running hub, as README shows it: light and dark, on a desktop and on a phone, while the
// demo's earthquakes come in.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright-core";
import { ROOT } from "../program.ts";
import { launch, prepareBrowser } from "./browser.ts";

const USAGE = `Writes docs/images/live-*.png of a hub that runs here. It is sent the demo's events: start it with data of its own.

npm start -- --port 8790 --persist-to /tmp/screenshots
npm run screenshots -- --url http://localhost:8790 [--key dev-key]`;

const FOLDER = join(ROOT, "docs/images");
const SCREENS = {
  desktop: { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
} as const;

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://localhost:8787" },
    key: { type: "string", default: "dev-key" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit();
}

const browser = await launch(await prepareBrowser());
try {
  mkdirSync(FOLDER, { recursive: true });
  const pages: { readonly name: string; readonly page: Page }[] = [];
  for (const screen of ["desktop", "phone"] as const) {
    for (const theme of ["light", "dark"] as const) {
      pages.push({ name: `live-${screen}-${theme}`, page: await openPage(browser, screen, theme) });
    }
  }
  await demo(["--rate", "40", "--count", "900"]);
  await demo(["--rate", "15", "--count", "90"]); // the charts have a slope
  for (const { name, page } of pages) {
    await page.bringToFront();
    if (name.includes("desktop")) await page.locator('[data-reactor="events-container"] > li').nth(3).click();
    await page.waitForTimeout(1_200); // the figures are at most a second old
    await page.screenshot({ path: join(FOLDER, `${name}.png`) });
    console.log(`docs/images/${name}.png`);
  }
} finally {
  await browser.close();
}

async function openPage(from: Browser, screen: keyof typeof SCREENS, colorScheme: "light" | "dark"): Promise<Page> {
  const context = await from.newContext({ ...SCREENS[screen], colorScheme, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(new URL("/live", values.url).href);
  await page.locator('[data-reactor="connection-status"][data-state="connected"]').waitFor();
  return page;
}

/** @throws Error if the hub does not take the events */
async function demo(args: readonly string[]): Promise<void> {
  const program = join(ROOT, "tools/demo/demo.ts");
  const child = spawn(process.execPath, [program, "--url", values.url, "--key", values.key, ...args], {
    stdio: "inherit",
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error("The demo failed: see above.");
}
