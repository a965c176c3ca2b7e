// A reader of `reactor.v1` becomes another, by `subscribe` or by `auth`: the range rule holds around it, up to there it
// hears what it heard before, from there on what it hears then, and nothing is lost or doubled.
import type { HubUnderTest } from "./hub-under-test.ts";
import { expectEqual, type Json, Mismatch, shown } from "./mismatch.ts";
import { RangeReader } from "./range-reader.ts";
import type { TappedSocket } from "./tapped-socket.ts";

/** Which of these types each reader hears is what is changed. */
export const CHANGING_TYPES = ["a", "b", "c"] as const;

/** Every reader hears it, last. */
export const LAST_TYPE = "end";

/** No reader hears it. */
const OTHER_TYPE = "other";

const UNKNOWN = "conformance";

/** Reads on, to the answer to a message that no hub knows: what was said before it was heard by then. */
export async function readToAnswer(socket: TappedSocket, reader: RangeReader): Promise<void> {
  socket.send(UNKNOWN);
  for (;;) {
    const frame = await socket.frame();
    if (frame.type === "reactor_error") {
      if (frame.data?.code === "unknown_message") return;
      throw new Mismatch(`expected no error, got ${shown(frame)}`);
    }
    reader.take(frame);
  }
}

export async function readToLast(socket: TappedSocket, reader: RangeReader): Promise<void> {
  while (reader.heard.at(-1)?.type !== LAST_TYPE) {
    const frame = await socket.frame();
    reader.take(frame);
    if (frame.more) socket.ack(frame.cursor);
  }
}

export interface ChangeOver {
  /** Of CHANGING_TYPES, what is heard. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Opens a socket that hears `before`, and LAST_TYPE; absent: the operator's, by its subscription. */
  open?(): Promise<{ socket: TappedSocket; welcome: Json }>;
  /** Says on the socket what lets it hear `after`, and LAST_TYPE. */
  change(socket: TappedSocket): void;
}

/** Twice: with a reader whose place is that of its welcome, and with one that was told it by a frame. */
export async function tryChangeOver(operator: HubUnderTest, change: ChangeOver): Promise<void> {
  for (const hasHeard of [false, true]) await tryOnce(operator, change, hasHeard);
}

async function tryOnce(operator: HubUnderTest, change: ChangeOver, hasHeard: boolean): Promise<void> {
  const { before, after } = change;
  const { socket, welcome } = await (change.open?.() ?? operator.listen({ events: [...before, LAST_TYPE].join() }));
  const reader = new RangeReader(welcome.cursor);
  const expected: number[] = [];
  const emit = async (types: readonly string[], hears: readonly string[]) => {
    const { events } = await operator.emit(types.map((type) => ({ type })));
    expected.push(...events.flatMap(({ seq }: Json, n: number) => (hears.includes(types[n] ?? "") ? seq : [])));
  };
  if (hasHeard) {
    await emit([...CHANGING_TYPES, OTHER_TYPE], before);
    while (reader.place < (expected.at(-1) ?? 0)) reader.take(await socket.frame());
  }
  const unheard = CHANGING_TYPES.filter((type) => !before.includes(type));
  await emit([OTHER_TYPE, ...unheard, OTHER_TYPE], []); // so that the reader's place is behind the head
  change.change(socket);
  await readToAnswer(socket, reader);
  await emit([OTHER_TYPE, ...CHANGING_TYPES, OTHER_TYPE, LAST_TYPE], [...after, LAST_TYPE]);
  await readToLast(socket, reader);
  await readToAnswer(socket, reader); // nothing comes twice
  expectEqual(
    "the seqs that are heard",
    reader.heard.map(({ seq }) => seq),
    expected,
  );
}
