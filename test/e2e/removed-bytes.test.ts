// What was taken out of the log is looked for in the files of the database, as a person who has them would.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { type Server, startServer } from "./server.ts";

const DELETE = { method: "DELETE", headers: { Authorization: "Bearer dev-key" } };

/** The marks of events that are somewhere in the files, the write-ahead log included. */
function marksIn(folder: string): ReadonlySet<string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "latin1"));
  return new Set(texts.flatMap((text) => text.match(/<secret \d+>/g) ?? []));
}

/** Emits events of many sizes, one by one and in batches, each with a mark. @returns the cursor of the last */
async function fill(server: Server): Promise<string> {
  let count = 0;
  let cursor = "";
  const event = (size: number) => ({ type: "a", data: `<secret ${++count}>${"x".repeat(size)}`, id: `id-${count}` });
  for (let n = 0; n < 120; n++) {
    const size = n % 20 === 19 ? 30_000 : (n * 37) % 300;
    const events = n % 10 === 9 ? Array.from({ length: 7 }, () => event(size)) : event(size);
    cursor = (await (await server.post(events)).json()).cursor;
  }
  return cursor;
}

it("[X7] leaves nothing in the files of what was taken out, one by one or before a cursor", async () => {
  const server = await startServer({ keepState: true });
  const folder = server.persistTo ?? "";
  const [epoch = "", head = ""] = (await fill(server)).split(".");
  const gone = [1, 2, 7, 10, 11, 40, 77, 100, 133, Number(head)];
  for (const seq of gone) {
    const reply = await fetch(`${server.url}/api/events/${epoch}.${seq}`, DELETE);
    expect(await reply.json()).toEqual({ cursor: `${epoch}.${seq}`, removed: 1 });
  }
  const mark = (seq: number) => `<secret ${seq}>`;
  await vi.waitFor(() => expect(gone.filter((seq) => marksIn(folder).has(mark(seq)))).toEqual([]), 20_000);
  const kept = [3, 8, 41, 76, Number(head) - 1];
  const page = await (await fetch(`${server.url}/api/events?limit=1000`)).json();
  const seqs: number[] = page.events.map(({ seq }: { seq: number }) => seq);
  expect(seqs).toHaveLength(Number(head) - gone.length);
  for (const { seq, data } of page.events) expect(data.startsWith(mark(seq))).toBe(true); // its neighbours are whole
  expect(kept.filter((seq) => !marksIn(folder).has(mark(seq)))).toEqual([]);

  const before = `${epoch}.${Number(head) - 20}`;
  await fetch(`${server.url}/api/events?before=${before}`, DELETE);
  const isBefore = (found: string) => Number(/\d+/.exec(found)?.[0]) < Number(head) - 20;
  await vi.waitFor(() => expect([...marksIn(folder)].filter(isBefore)).toEqual([]), 20_000);
  await server.stop();
});
