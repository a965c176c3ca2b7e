// The package's entry `pulse-reactor/react`. Its build begins with "use client": on a server of React components it runs in pages only.
export { ReactorProvider, type ReactorProviderProps } from "./reactor-provider.tsx";
export type { ReactorProblem, ReactorView } from "./reactor-store.ts";
export { type TypedHooks, typedHooks } from "./typed-hooks.ts";
export { useConnectionState } from "./use-connection-state.ts";
export { useReactor } from "./use-reactor.ts";
export { useReactorEvent } from "./use-reactor-event.ts";
export { type KeepEvents, useReactorEvents, useReactorLatest } from "./use-reactor-events.ts";
export { useReactorState } from "./use-reactor-state.ts";
