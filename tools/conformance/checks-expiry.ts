// T15: a token that expires on an open socket.
import { setTimeout as sleep } from "node:timers/promises";
import { readToAnswer } from "./change-over.ts";
import type { Check } from "./check.ts";
import type { HubUnderTest } from "./hub-under-test.ts";
import { expectEqual, expectTrue, inCase, type Json } from "./mismatch.ts";
import { RangeReader } from "./range-reader.ts";
import { loggedOf, type TappedSocket } from "./tapped-socket.ts";
import { nowS } from "./tokens.ts";

/** How long a token of this check is valid. */
const LIFETIME_S = 3;

/** The tolerance for clocks: a token expires no later than this after its `exp`. */
const TOLERANCE_S = 5;

/** Added to the last time at which a hub may send something: for the network, and our own timers. */
const MARGIN_MS = 1_000;

/** In how many channels a client whose token expires connects together with one whose token does not. */
const PAIRS = 3;

const LATE = "late";

/** Reads to the close with 4401; `late` is emitted after the token expired. @returns the frames before the close */
async function readToExpiry(socket: TappedSocket): Promise<Json[]> {
  const { code, frames } = await socket.end((frame) => {
    const types = [frame, ...(frame.events ?? [])].map(({ type }) => type);
    expectTrue("nothing after the token's expiry", !types.includes(LATE), frame);
  });
  expectEqual("the close code at the token's expiry", code, 4401);
  return frames;
}

async function expireTogether(hub: HubUnderTest, exp: number): Promise<() => Promise<void>> {
  const [long, short] = [hub.as(await hub.token()), hub.as(await hub.token({ exp }))];
  const [kept, ending] = await Promise.all([long.listen(), short.listen()]);
  return async () => {
    await hub.emit({ type: LATE });
    await readToExpiry(ending.socket);
    const [{ type }] = (await kept.socket.events(1)) as [Json];
    expectEqual("what a client whose token has not expired receives", type, LATE);
  };
}

export const EXPIRY_CHECKS: readonly Check[] = [
  {
    rule: "T15",
    description:
      "an expiring token is announced, and closes its socket with 4401, unless a fresh one is presented; nothing is sent after it",
    needsSecret: true,
    takesMs: (LIFETIME_S + TOLERANCE_S) * 1_000 + MARGIN_MS,
    async run(hub) {
      const exp = nowS() + LIFETIME_S;
      const endMs = (exp + TOLERANCE_S) * 1_000 + MARGIN_MS;
      const ending = hub.as(await hub.token({ exp }));
      const warned = await ending.listen();
      const renewed = await ending.listen();
      const legacy = await ending.listen({}, []);
      const pairs = [];
      for (let n = 0; n < PAIRS; n++) pairs.push(await expireTogether(hub.elsewhere(), exp));
      await hub.emit({ type: "early" });
      renewed.socket.send({ type: "auth", data: { token: await hub.token() } });
      const reader = new RangeReader(renewed.welcome.cursor);
      await readToAnswer(renewed.socket, reader);
      await sleep(endMs - Date.now());
      await hub.emit({ type: LATE });
      await inCase("a socket of reactor.v1", async () => {
        const frames = await readToExpiry(warned.socket);
        expectEqual(
          "what it received before",
          frames.flatMap(loggedOf).map(({ type }) => type),
          ["early"],
        );
        const warnings = frames.filter(({ data }) => data?.code === "token_expiring");
        expectTrue("a token_expiring before the expiry", warnings.length === 1, frames);
        expectEqual("the frame that announces it", [warnings[0].type, warnings[0].data.ref], ["reactor_error", null]);
      });
      await inCase("a socket without a subprotocol", () => readToExpiry(legacy.socket));
      await inCase("a socket that presented a fresh token", async () => {
        while (reader.received.length < 2) reader.take(await renewed.socket.frame());
        expectEqual(
          "what it receives",
          reader.received.map(({ type }) => type),
          ["early", LATE],
        );
      });
      for (const check of pairs) await inCase("a socket that connected together with another", check);
    },
  },
];
