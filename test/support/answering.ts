// A server in place of `fetch`, that answers everything alike. Whoever takes it MUST unstub globals afterwards.
import { vi } from "vitest";

/** @returns what was fetched */
export function answering(answer: () => Response) {
  const fetched = vi.fn(async (_url: string, _init: RequestInit) => answer());
  vi.stubGlobal("fetch", fetched);
  return fetched;
}
