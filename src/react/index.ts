// The package's entry `pulse-reactor/react`.
export { ReactorProvider, type ReactorProviderProps } from "./reactor-provider.tsx";
export type { ReactorProblem, ReactorView } from "./reactor-store.ts";
export { useConnectionState } from "./use-connection-state.ts";
export { useReactor } from "./use-reactor.ts";
