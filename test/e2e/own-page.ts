// Pages of a test's own, as if the server had them among its own.
import type { Browser, Page } from "playwright-core";
import type { Server } from "./server.ts";

export interface OwnPage {
  readonly page: Page;
  /** The addresses of the sockets that it has opened. */
  readonly sockets: readonly string[];
  /** What they were sent. */
  readonly frames: readonly string[];
  /** What went wrong in it, and nobody caught. */
  readonly errors: readonly string[];
}

/**
 * Written into a page that the server has answered: one that is only made up by `route.fulfill` comes from nowhere, and
 * Chromium's local network checks forbid it to open a socket to 127.0.0.1.
 */
export async function openOwnPage(browser: Browser, server: Server, html: string): Promise<OwnPage> {
  const page = await browser.newPage({ bypassCSP: true }); // the policy of /health is none of this page's
  await page.goto(`${server.url}/health`);
  const sockets: string[] = [];
  const errors: string[] = [];
  const frames: string[] = [];
  page.on("websocket", (socket) => {
    sockets.push(socket.url());
    socket.on("framereceived", ({ payload }) => frames.push(String(payload)));
  });
  page.on("pageerror", (error) => errors.push(error.message));
  await page.setContent(html);
  return { page, sockets, frames, errors };
}
