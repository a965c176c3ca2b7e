// A page of a test, on a site whose server passes all other requests to the hub.
import type { Browser, Page } from "playwright-core";
import { startPageServer } from "./page-server.ts";
import type { Server } from "./server.ts";
import { stopAfterwards } from "./stops.ts";

export interface OwnPage {
  readonly page: Page;
  /** The URL of the stream, through the site. */
  readonly streamUrl: string;
  /** The URLs of the sockets that it has opened. */
  readonly sockets: readonly string[];
  /** The frames that they received. */
  readonly frames: readonly string[];
  /** Messages of errors that the page did not catch. */
  readonly errors: readonly string[];
  /** What its scripts wrote to the console. */
  readonly printed: readonly string[];
}

/** It closes at the end of its test. */
export async function openOwnPage(browser: Browser, hub: Server, html: string): Promise<OwnPage> {
  const site = await startPageServer(hub.port, html);
  stopAfterwards(() => site.stop());
  const page = await browser.newPage();
  stopAfterwards(() => page.close());
  const sockets: string[] = [];
  const errors: string[] = [];
  const frames: string[] = [];
  const printed: string[] = [];
  page.on("websocket", (socket) => {
    sockets.push(socket.url());
    socket.on("framereceived", ({ payload }) => frames.push(String(payload)));
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => printed.push(message.text()));
  await page.goto(`${site.url}/`);
  return { page, streamUrl: `${site.wsUrl}/ws/stream`, sockets, frames, errors, printed };
}
