// The browser that the setup has prepared.
import type { Browser, LaunchOptions } from "playwright-core";
import { inject } from "vitest";
import { launch } from "../../tools/dev/browser.ts";

export function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  return launch(inject("browser"), options);
}
