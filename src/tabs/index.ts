// The package's entry `pulse-reactor/tabs`.
export { connectTabs, type TabsOptions } from "./connect-tabs.ts";
