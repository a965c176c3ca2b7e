// What a component sees of the connection.
import { useContext } from "react";
import { ReactorContext } from "./reactor-provider.tsx";
import type { ReactorView } from "./reactor-store.ts";
import { useSnapshot } from "./snapshot.ts";

/**
 * The connection of the nearest `<ReactorProvider>`, rendered anew when it has changed, at most once for each frame of
 * the stream. `emit`, `send`, `subscribe` and `getStatus` stay the same functions.
 *
 * @throws outside of a provider
 */
export function useReactor(): ReactorView {
  const store = useContext(ReactorContext);
  if (!store) throw new Error("useReactor needs a <ReactorProvider> around the component that calls it.");
  return useSnapshot(store.view);
}
