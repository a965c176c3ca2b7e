// T16: a fresh token on an open socket.
import { CHANGING_TYPES, LAST_TYPE, readToAnswer, readToLast, tryChangeOver } from "./change-over.ts";
import type { Check } from "./check.ts";
import { expectClosed } from "./expect-access.ts";
import type { HubUnderTest } from "./hub-under-test.ts";
import { expectEqual, expectLike, expectTrue, inCase, type Json } from "./mismatch.ts";
import { RangeReader } from "./range-reader.ts";
import { forge, nowS } from "./tokens.ts";

interface Renewal {
  /** The CHANGING_TYPES that the first and the second token may receive (`null`: without the claim), and the subscription. */
  readonly events: string[] | null;
  readonly later: string[] | null;
  readonly asked: readonly string[];
}

const RENEWALS: Readonly<Record<string, Renewal>> = {
  "the same rights": { events: ["a"], later: ["a"], asked: CHANGING_TYPES },
  "the same rights, and a smaller subscription": { events: null, later: null, asked: ["a"] },
  "fewer rights": { events: ["a", "b"], later: ["a"], asked: CHANGING_TYPES },
  "more rights": { events: ["a"], later: ["a", "b"], asked: CHANGING_TYPES },
  "more rights, and a smaller subscription": { events: ["a"], later: null, asked: ["a", "b"] },
  "other rights": { events: ["a", "b"], later: ["b", "c"], asked: CHANGING_TYPES },
  "no rights, except to the last": { events: ["a"], later: [], asked: CHANGING_TYPES },
};

/** Two of them fill a page. */
const HEAVY = "x".repeat(30_000);
const HEAVY_EVENTS = 40;

const eventsClaim = (types: string[] | null) => (types === null ? {} : { events: [...types, LAST_TYPE] });

const auth = (token: string, ref: unknown = null) => ({ type: "auth", ref, data: { token } });

async function tryRenewal(hub: HubUnderTest, { events, later, asked }: Renewal): Promise<void> {
  const [first, second] = [await hub.token(eventsClaim(events)), await hub.token(eventsClaim(later))];
  const receivedBy = (allowed: string[] | null) => asked.filter((type) => allowed?.includes(type) ?? true);
  await tryChangeOver(hub, {
    before: receivedBy(events),
    after: receivedBy(later),
    open: () => hub.as(first).listen({ events: [...asked, LAST_TYPE].join() }),
    change: (socket) => socket.send(auth(second)),
  });
}

/** A subscriber that is catching up: pages before the `auth` are by the old rights, later ones by the new rights. */
async function tryWhileCatchingUp(hub: HubUnderTest, events: string[], later: string[]): Promise<void> {
  await hub.emit(Array.from({ length: HEAVY_EVENTS }, (_, n) => ({ type: n % 2 ? "a" : "b", data: HEAVY })));
  const client = hub.as(await hub.token(eventsClaim(events)));
  const { socket, welcome } = await client.listen({ cursor: "0.0" });
  const reader = new RangeReader(welcome.cursor);
  const page = await socket.frame();
  reader.take(page);
  expectEqual("whether the first page is marked `more`", page.more, true);
  const reached = reader.position;
  socket.send(auth(await hub.token(eventsClaim(later))));
  await readToAnswer(socket, reader);
  socket.ack(page.cursor);
  const { events: live } = await hub.emit(["a", "b", LAST_TYPE].map((type) => ({ type })));
  await readToLast(socket, reader);
  const receives = (type: string, seq: number) =>
    type === LAST_TYPE || (seq <= reached ? events : later).includes(type);
  const log = (await hub.log({ limit: 1_000 })).events as Json[];
  // What it may receive only since the `auth` is required only from the head of that time on.
  const isRequired = ({ type, seq }: Json) => receives(type, seq) && (events.includes(type) || seq >= live[0].seq);
  const seqs = new Set(reader.received.map(({ seq }) => seq));
  expectEqual(
    "what it received without the right to",
    reader.received.filter(({ type, seq }) => !receives(type, seq)),
    [],
  );
  expectEqual(
    "seqs that it missed",
    log.filter((event) => isRequired(event) && !seqs.has(event.seq)).map(({ seq }) => seq),
    [],
  );
}

/** Messages after an `auth` are handled under its rights. */
async function tryRightsOfWhatFollows(hub: HubUnderTest): Promise<void> {
  const [mute, loud] = [await hub.token({ events: [] }), await hub.token({ events: [], emit: ["a"] })];
  const { socket } = await hub.as(mute).listen();
  for (const [token, answer] of [
    [loud, { type: "reactor_emitted" }],
    [mute, { type: "reactor_error", data: { code: "forbidden" } }],
  ] as const) {
    socket.send(auth(token));
    socket.send({ type: "emit", ref: 7, data: { type: "a" } });
    let frame = await socket.frame();
    while (frame.type === "reactor_events") frame = await socket.frame();
    expectLike("the answer to an emit right after an auth", frame, answer);
    expectEqual("its ref", frame.data.ref, 7);
  }
}

export const RENEWAL_CHECKS: readonly Check[] = [
  {
    rule: "T16",
    description:
      "an auth renews or changes the rights of its socket from its position on, without a gap; an invalid one closes it (the bound on waiting messages is not visible)",
    needsSecret: true,
    async run(hub) {
      for (const [what, renewal] of Object.entries(RENEWALS)) {
        await inCase(`an auth with ${what}`, () => tryRenewal(hub.elsewhere(), renewal));
      }
      for (const [events, later] of [
        [["a", "b"], ["a"]],
        [["a"], ["a", "b"]],
        [["a"], ["b"]],
      ] as const) {
        await inCase(`an auth from ${events} to ${later} while catching up`, () =>
          tryWhileCatchingUp(hub.elsewhere(), [...events], [...later]),
        );
      }
      await inCase("messages after an auth", () => tryRightsOfWhatFollows(hub));
      const good = await hub.token();
      const refused = {
        "of another user": [await hub.token({ sub: "other" }), 4401],
        "without sub": [await hub.token({ sub: undefined }), 4401],
        "that has expired": [await hub.token({ exp: nowS() - 60 }), 4401],
        "that is forged": [forge(good, { claims: { emit: ["*"] } }), 4401],
        "for another channel": [await hub.token({ channels: ["other"] }), 4503],
      } as const;
      for (const [what, [token, code]] of Object.entries(refused)) {
        const { socket } = await hub.as(good).listen();
        socket.send(auth(token));
        socket.send("conformance"); // is answered if the token is accepted
        await inCase(`an auth with a token ${what}`, () => expectClosed(socket, code));
      }
      const { socket, welcome } = await hub.as(good).listen();
      const reader = new RangeReader(welcome.cursor);
      for (let n = 0; n < 3; n++) socket.send(auth(good));
      await inCase("the same token again and again", () => readToAnswer(socket, reader));
      await hub.emit({ type: LAST_TYPE });
      await readToLast(socket, reader);
      expectTrue("one event", reader.received.length === 1, reader.received);
    },
  },
];
