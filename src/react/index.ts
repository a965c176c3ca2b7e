// The package's entry `pulse-reactor/react`. Its build begins with "use client": on a server of React components it runs in pages only.
export { ReactorProvider, type ReactorProviderProps } from "./reactor-provider.tsx";
export type { ReactorProblem, ReactorView } from "./reactor-store.ts";
export { useConnectionState } from "./use-connection-state.ts";
export { useReactor } from "./use-reactor.ts";
