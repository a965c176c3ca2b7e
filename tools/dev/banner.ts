// What `npm start` ends with: four lines to act on.

/** The key that `npm start` sets if nothing else sets one. */
export const DEVELOPMENT_KEY = "dev-key";

/** @param header the `Authorization` of the key, quoted for a shell @param demo the command of the demo at that address */
export function banner(address: string, header: string, demo: string): string {
  const event = JSON.stringify({ type: "news_processed", data: { title: "Hello" } });
  const key = header.includes(`Bearer ${DEVELOPMENT_KEY}'`) ? ` with the key ${DEVELOPMENT_KEY}` : "";
  return `
  Reactor is running${key}. Ctrl-C stops it.
    Watch events live       ${address}/live
    Open README's page      ${address}/examples/hello.html
    Emit an event           curl ${address}/api/events -H ${header} -H 'Content-Type: application/json' -d '${event}'
    Emit 1,707 earthquakes  ${demo}
`;
}
