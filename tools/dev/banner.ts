// What `npm start` ends with: four lines to act on.
import type { HubKey } from "./hub-key.ts";

/**
 * @param source where the key is set, as a part of a sentence @param header its `Authorization`, quoted for a shell
 * @param demo the command of the demo at that address
 */
export function banner(address: string, { source, header }: Pick<HubKey, "source" | "header">, demo: string): string {
  const event = JSON.stringify({ type: "news_processed", data: { title: "Hello" } });
  return `
  Reactor is running with ${source}. Ctrl-C stops it.
    Watch events live       ${address}/live
    Open README's page      ${address}/examples/hello.html
    Emit an event           curl ${address}/api/events -H ${header} -H 'Content-Type: application/json' -d '${event}'
    Emit 1,707 earthquakes  ${demo}
`;
}
