import { expect, it } from "vitest";
import { evict, listen, post } from "../../support/workerd-listener.ts";

it("[F7] [S4] sends pending events before the hub hibernates, once, also in the legacy dialect", async () => {
  const query = "?channel=flush-sleep";
  const pages = await Promise.all(Array.from({ length: 50 }, (_, n) => listen(query, n === 0 ? {} : undefined)));
  for (const { frame } of pages) await frame();
  const count = 12;
  const posts = Array.from({ length: count }, (_, n) => post(query, { type: "a", data: { n } }));
  await Promise.all(posts);
  await evict("flush-sleep");
  await post(query, { type: "end" });
  for (const { frame } of pages) {
    const seqs: number[] = [];
    let last = "";
    while (last !== "end") {
      const { events, ...old } = await frame();
      for (const event of events ?? [old]) {
        seqs.push(event.seq);
        last = event.type;
      }
    }
    expect(seqs).toEqual(Array.from({ length: count + 1 }, (_, n) => n + 1));
  }
});

it("[F7] sends fewer frames than events to many sockets on a busy channel", async () => {
  const query = "?channel=flush-busy";
  const pages = await Promise.all(Array.from({ length: 200 }, () => listen(query)));
  for (const { frame } of pages) await frame();
  const count = 64;
  await Promise.all(Array.from({ length: count }, () => post(query, { type: "a" })));
  const [page] = pages;
  if (!page) return expect.fail();
  let [frames, events, last] = [0, 0, 0];
  while (last < count) {
    const frame = await page.frame();
    frames += 1;
    events += frame.events.length;
    last = frame.events.at(-1).seq;
  }
  expect(events).toBe(count);
  expect(frames).toBeLessThan(count / 2);
});
