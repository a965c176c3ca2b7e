// Another Worker beside the built one, in workerd, which has only bindings to it. What either asks of the internet is answered here.
import { dirname } from "node:path";
import { convertV4MiniflareOptions, Miniflare, Response } from "miniflare";
import { inject } from "vitest";

/** A binding to the Worker `name`, or to one of its entrypoints. */
type Binding = string | { readonly name: string; readonly entrypoint: string };

interface CallingWorker {
  readonly url: URL;
  /** What was fetched from other sites, as "POST https://example.org/mail"; each was answered 200. */
  readonly fetched: readonly string[];
  stop(): Promise<void>;
}

/**
 * @param script a module, whose `fetch` answers at the URL
 * @param bindingsTo its service bindings, given the name of the built Worker
 * @param hasHub whether it exports a hub of its own
 */
export async function startCallingWorker(
  script: string,
  bindingsTo: (name: string) => Record<string, Binding>,
  hasHub = false,
): Promise<CallingWorker> {
  const { name, file, vars, options } = inject("worker");
  const modules = [{ type: "ESModule" as const, path: file }];
  const fetched: string[] = [];
  const outboundService = ({ method, url }: { readonly method: string; readonly url: string }) => {
    fetched.push(`${method} ${url}`);
    return new Response();
  };
  const reactor = { ...options, name, bindings: vars, modules, modulesRoot: dirname(file), outboundService };
  const caller = {
    name: "caller",
    modules: true as const,
    script,
    outboundService,
    compatibilityDate: "2026-11-17",
    serviceBindings: bindingsTo(name),
    ...(hasHub && { durableObjects: { HUB: { className: "Hub", useSQLite: true } } }),
  };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({ workers: [caller, reactor], host: "127.0.0.1", port: 0, cf: false }),
  );
  return { url: await miniflare.ready, fetched, stop: () => miniflare.dispose() };
}
