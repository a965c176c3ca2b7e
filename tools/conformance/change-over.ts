// A subscriber of `reactor.v1` changes what it receives, by `subscribe` or by `auth`: the range rule holds throughout, up to
// the change it receives the types from before, after it the new ones, and nothing is lost or doubled.
import type { HubUnderTest } from "./hub-under-test.ts";
import { expectEqual, type Json, Mismatch, shown } from "./mismatch.ts";
import { RangeReader } from "./range-reader.ts";
import type { TappedSocket } from "./tapped-socket.ts";

/** The change is which of these types the subscriber receives. */
export const CHANGING_TYPES = ["a", "b", "c"] as const;

/** Received by every subscriber, as the last event. */
export const LAST_TYPE = "end";

/** Received by no subscriber. */
const OTHER_TYPE = "other";

const UNKNOWN = "conformance";

/** Reads up to the answer to an unknown message: by then the hub has handled all messages before it. */
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
  while (reader.received.at(-1)?.type !== LAST_TYPE) {
    const frame = await socket.frame();
    reader.take(frame);
    if (frame.more) socket.ack(frame.cursor);
  }
}

export interface ChangeOver {
  /** The CHANGING_TYPES that are received. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Opens a socket that receives `before` and LAST_TYPE; absent: the operator's, with that subscription. */
  open?(): Promise<{ socket: TappedSocket; welcome: Json }>;
  /** Sends the message after which it receives `after` and LAST_TYPE. */
  change(socket: TappedSocket): void;
}

/** Twice: with a subscriber whose position is from its welcome, and with one whose position is from a frame. */
export async function tryChangeOver(operator: HubUnderTest, change: ChangeOver): Promise<void> {
  for (const hasReceived of [false, true]) await tryOnce(operator, change, hasReceived);
}

async function tryOnce(operator: HubUnderTest, change: ChangeOver, hasReceived: boolean): Promise<void> {
  const { before, after } = change;
  const { socket, welcome } = await (change.open?.() ?? operator.listen({ events: [...before, LAST_TYPE].join() }));
  const reader = new RangeReader(welcome.cursor);
  const expected: number[] = [];
  const emit = async (types: readonly string[], receives: readonly string[]) => {
    const { events } = await operator.emit(types.map((type) => ({ type })));
    expected.push(...events.flatMap(({ seq }: Json, n: number) => (receives.includes(types[n] ?? "") ? seq : [])));
  };
  if (hasReceived) {
    await emit([...CHANGING_TYPES, OTHER_TYPE], before);
    while (reader.position < (expected.at(-1) ?? 0)) reader.take(await socket.frame());
  }
  const hidden = CHANGING_TYPES.filter((type) => !before.includes(type));
  await emit([OTHER_TYPE, ...hidden, OTHER_TYPE], []); // so that the subscriber's position is behind the head
  change.change(socket);
  await readToAnswer(socket, reader);
  await emit([OTHER_TYPE, ...CHANGING_TYPES, OTHER_TYPE, LAST_TYPE], [...after, LAST_TYPE]);
  await readToLast(socket, reader);
  await readToAnswer(socket, reader); // nothing arrives twice
  expectEqual(
    "the seqs that are received",
    reader.received.map(({ seq }) => seq),
    expected,
  );
}
