import { describe, expect, it } from "vitest";
import { listen, post, twins } from "../../support/workerd-listener.ts";

const count = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);
const data = "x".repeat(10_000);

describe.each(twins)("a stream that begins with the newest events, $how", ({ how, pause }) => {
  const channel = (name: string) => `${name}-${how.replaceAll(" ", "-")}`;

  /** 40 events, of which every second one is `even` (seq 2, 4 …). */
  async function fill(name: string): Promise<void> {
    for (let n = 1; n <= 40; n += 2)
      await post(
        `?channel=${name}`,
        ["odd", "even"].map((type) => ({ type, data })),
      );
  }

  it("[S11] [S4] continues with what is appended, without a gap or a double", async () => {
    const name = channel("last");
    await fill(name);
    await pause(name);
    const { frame, socket } = await listen(`?channel=${name}&events=even&last=15`);
    const welcome = (await frame()).data;
    expect([welcome.recovered, welcome.cursor.split(".")[1]]).toEqual([null, "11"]);
    let own = 11;
    const seqs: number[] = [];
    for (let emitted = 0; seqs.length < 20; ) {
      const { after, cursor, events, more } = await frame();
      expect(after).toBeLessThanOrEqual(own);
      own = Number(cursor.split(".")[1]);
      seqs.push(...events.map(({ seq }: { seq: number }) => seq));
      await pause(name);
      if (emitted < 5) {
        await post(`?channel=${name}`, { type: "even" });
        emitted += 1;
      }
      await pause(name);
      if (more) socket.send(JSON.stringify({ type: "ack", data: { cursor } }));
    }
    expect(seqs).toEqual([...count(6, 20).map((n) => 2 * n), ...count(41, 45)]);
  });

  it("[O7] [S4] does so in the legacy dialect", async () => {
    const name = channel("last-legacy");
    await fill(name);
    await pause(name);
    const { frame } = await listen(`?channel=${name}&events=even&last=15`, {});
    expect((await frame()).data.recovered).toBeNull();
    const seqs: number[] = [];
    for (let n = 0; n < 15; n++) seqs.push((await frame()).seq);
    for (let n = 0; n < 3; n++) {
      await pause(name);
      await post(`?channel=${name}`, [{ type: "odd" }, { type: "even" }]);
      seqs.push((await frame()).seq);
    }
    expect(seqs).toEqual([...count(6, 20).map((n) => 2 * n), 42, 44, 46]);
  });
});
