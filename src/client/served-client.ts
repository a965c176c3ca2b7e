// `/static/js/client.js`: the client as a hub serves it. Without a `url` it connects to the hub that it was loaded from, also in
// a page on another host. The package's client does not: in a bundle, `import.meta.url` is the address of the page's own script.
import { connectByDefaultTo } from "./connection/stream-url.ts";

export * from "./index.ts";

connectByDefaultTo(import.meta.url);
