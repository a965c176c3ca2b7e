// T15: how a token ends on an open socket.
import { setTimeout as sleep } from "node:timers/promises";
import { readToAnswer } from "./change-over.ts";
import type { Check } from "./check.ts";
import type { HubUnderTest } from "./hub-under-test.ts";
import { expectEqual, expectTrue, inCase, type Json } from "./mismatch.ts";
import { RangeReader } from "./range-reader.ts";
import { loggedOf, type TappedSocket } from "./tapped-socket.ts";
import { nowS } from "./tokens.ts";

/** How long a token of this check is good. */
const LIFETIME_S = 3;

/** What clocks may differ by: a token ends no later than this after its `exp`. */
const TOLERANCE_S = 5;

/** Behind the last moment at which a hub may let something out: the network's, and that of our own timers. */
const MARGIN_MS = 1_000;

/** In how many channels somebody comes whose token ends soon, together with somebody whose token does not. */
const PAIRS = 3;

const LATE = "late";

/** Reads to the close with 4401; `late` is emitted when the token has ended. @returns what was said before the close */
async function readToEnd(socket: TappedSocket): Promise<Json[]> {
  const { code, frames } = await socket.end((frame) => {
    const types = [frame, ...(frame.events ?? [])].map(({ type }) => type);
    expectTrue("nothing after the token's end", !types.includes(LATE), frame);
  });
  expectEqual("the close code at the token's end", code, 4401);
  return frames;
}

async function endsTogether(hub: HubUnderTest, exp: number): Promise<() => Promise<void>> {
  const [long, short] = [hub.as(await hub.token()), hub.as(await hub.token({ exp }))];
  const [kept, ending] = await Promise.all([long.listen(), short.listen()]);
  return async () => {
    await hub.emit({ type: LATE });
    await readToEnd(ending.socket);
    const [{ type }] = (await kept.socket.events(1)) as [Json];
    expectEqual("what is heard by whose token has not ended", type, LATE);
  };
}

export const EXPIRY_CHECKS: readonly Check[] = [
  {
    rule: "T15",
    says: "a token's end is told before, and closes its socket with 4401, unless a fresh token came; nothing is heard then",
    needsSecret: true,
    takesMs: (LIFETIME_S + TOLERANCE_S) * 1_000 + MARGIN_MS,
    async run(hub) {
      const exp = nowS() + LIFETIME_S;
      const endMs = (exp + TOLERANCE_S) * 1_000 + MARGIN_MS;
      const ending = hub.as(await hub.token({ exp }));
      const told = await ending.listen();
      const renewed = await ending.listen();
      const old = await ending.listen({}, []);
      const pairs = [];
      for (let n = 0; n < PAIRS; n++) pairs.push(await endsTogether(hub.elsewhere(), exp));
      await hub.emit({ type: "early" });
      renewed.socket.send({ type: "auth", data: { token: await hub.token() } });
      const reader = new RangeReader(renewed.welcome.cursor);
      await readToAnswer(renewed.socket, reader);
      await sleep(endMs - Date.now());
      await hub.emit({ type: LATE });
      await inCase("a socket of reactor.v1", async () => {
        const frames = await readToEnd(told.socket);
        expectEqual(
          "what it heard before",
          frames.flatMap(loggedOf).map(({ type }) => type),
          ["early"],
        );
        const warnings = frames.filter(({ data }) => data?.code === "token_expiring");
        expectTrue("a token_expiring before the end", warnings.length === 1, frames);
        expectEqual("the frame that tells it", [warnings[0].type, warnings[0].data.ref], ["reactor_error", null]);
      });
      await inCase("a socket without a subprotocol", () => readToEnd(old.socket));
      await inCase("a socket that was shown a fresh token", async () => {
        while (reader.heard.length < 2) reader.take(await renewed.socket.frame());
        expectEqual(
          "what it hears",
          reader.heard.map(({ type }) => type),
          ["early", LATE],
        );
      });
      for (const judge of pairs) await inCase("a socket that came together with another", judge);
    },
  },
];
