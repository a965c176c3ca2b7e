// What goes to the page's `reportError`, which Node lacks.
import { afterEach, beforeEach, vi } from "vitest";

/** MUST be called at the top of a test file. @returns what was reported in the test that runs, in order */
export function reportedErrors(): unknown[] {
  const reported: unknown[] = [];
  beforeEach(() => {
    reported.length = 0;
    vi.stubGlobal("reportError", (error: unknown) => void reported.push(error));
  });
  afterEach(() => void vi.unstubAllGlobals());
  return reported;
}
