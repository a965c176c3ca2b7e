// Prints what is emitted, and goes on where it was after a restart: the cursor is kept in a file.
import { readFile, writeFile } from "node:fs/promises";
import { connect } from "pulse-reactor/client";

const FILE = process.env.CURSOR_FILE ?? ".cursor";
const cursor = await readFile(FILE, "utf8").catch(() => undefined);

const reactor = connect({ url: process.env.HUB ?? "http://localhost:8787", cursor });
reactor.onState((state, close) => console.log(state, close?.reason ?? ""));
reactor.onReset(({ reason }) => console.log(`Events are missing (${reason}).`));
reactor.on("*", async (event) => {
  console.log(event.seq, event.type, JSON.stringify(event.data));
  if (reactor.cursor) await writeFile(FILE, reactor.cursor); // after the event was handled: it comes again rather than never
});

process.once("SIGINT", () => reactor.close());
process.once("SIGTERM", () => reactor.close());
