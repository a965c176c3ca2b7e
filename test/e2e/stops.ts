// Stops everything that a test has started, the newest first, whether it passes or fails.
import { afterEach } from "vitest";
import { type Server, type ServerOptions, startServer } from "./server.ts";

const stops: (() => unknown)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

export function stopAfterwards(...more: (() => unknown)[]): void {
  stops.push(...more);
}

export async function serve(options: ServerOptions = {}): Promise<Server> {
  const server = await startServer(options);
  stopAfterwards(() => server.stop());
  return server;
}
