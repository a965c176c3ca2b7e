// The package's entry `pulse-reactor/testing`.
export { createTestHub } from "./create-test-hub.ts";
export type { TestEmitOptions, TestHub, TestHubOptions, TestRights } from "./test-hub.ts";
