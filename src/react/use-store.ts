// What a provider holds, for the hooks.
import { useContext } from "react";
import { ReactorContext } from "./reactor-provider.tsx";
import type { ReactorStore } from "./reactor-store.ts";

/** @param hook the name of the hook that asks @throws Error outside of a provider, which names both */
export function useStore(hook: string): ReactorStore {
  const store = useContext(ReactorContext);
  if (!store) throw new Error(`${hook} needs a <ReactorProvider> around the component that calls it.`);
  return store;
}
