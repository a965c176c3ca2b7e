// `/live` in a browser, and access to what it shows.
import type { Browser, Locator, Page } from "playwright-core";
import type { Server } from "./server.ts";
import { stopAfterwards } from "./stops.ts";

export interface LivePage {
  readonly page: Page;
  /** Errors of the page. */
  readonly wrong: readonly string[];
  /** All URLs that it requested or connected to. */
  readonly addresses: readonly string[];
}

/** Parts are found by the same attributes that its scripts use. */
export const part = (page: Page, name: string): Locator => page.locator(`[data-reactor="${name}"]`);
export const metric = (page: Page, name: string): Locator => page.locator(`[data-metric="${name}"]`);
/** The events of the list that are in sight, the newest first. */
export const rows = (page: Page): Promise<string[]> =>
  page.locator('[data-reactor="events-container"] li:not(.mark)').allInnerTexts();
export const count = (page: Page, received: number): Promise<void> =>
  metric(page, "received")
    .filter({ hasText: new RegExp(`^${received}$`) })
    .waitFor();
export const inState = (page: Page, state: string): Promise<void> =>
  page.locator(`[data-reactor="connection-status"][data-state="${state}"]`).waitFor();

/** Opens the page, whatever its hub answers. @param query of its URL */
export async function openLivePage(
  browser: Browser,
  server: Server,
  { prepare, query = "" }: { prepare?: (page: Page) => Promise<unknown>; query?: string } = {},
): Promise<LivePage> {
  const page = await browser.newPage();
  stopAfterwards(() => page.close());
  await prepare?.(page);
  const wrong: string[] = [];
  const addresses: string[] = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("request", (request) => addresses.push(request.url()));
  page.on("websocket", (socket) => addresses.push(socket.url()));
  await page.goto(`${server.url}/live${query}`);
  return { page, wrong, addresses };
}
