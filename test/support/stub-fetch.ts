// Replaces `fetch` by a stub with one answer. The test MUST unstub globals afterwards.
import { vi } from "vitest";

/** @returns the stub, which has the calls */
export function stubFetch(answer: () => Response) {
  const fetched = vi.fn(async (_url: string, _init: RequestInit) => answer());
  vi.stubGlobal("fetch", fetched);
  return fetched;
}
