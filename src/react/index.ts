// The package's entry `pulse-reactor/react`.
export { useConnectionState } from "./use-connection-state.ts";
