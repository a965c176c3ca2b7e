// Expects that a client is accepted, or refused, at every entry point that requires a credential.
import { expectRefusal, type HubUnderTest } from "./hub-under-test.ts";
import { expectEqual, expectTrue, inCase } from "./mismatch.ts";
import { loggedOf, type TappedSocket } from "./tapped-socket.ts";

const REFUSALS = {
  unauthorized: { status: 401, close: 4401 },
  forbidden: { status: 403, close: 4503 },
} as const;

/** At GET /api/events and /ws/stats, and on sockets of both dialects. */
export async function expectReads(client: HubUnderTest): Promise<void> {
  for (const path of ["/api/events", "/ws/stats"]) {
    const { status, text } = await client.ask("GET", path);
    expectTrue(`${path} to be answered 200`, status === 200, `${status} ${text}`);
  }
  await inCase("on a socket of reactor.v1", () => client.listen());
  await inCase("on a socket without a subprotocol", () => client.listen({}, []));
}

/**
 * At those, and at POST /api/events. A socket of `reactor.v1` is accepted and closed, without a welcome.
 *
 * @param names what the detail, and the reason of the close, must contain
 */
export async function expectRefused(client: HubUnderTest, code: keyof typeof REFUSALS, names = ""): Promise<void> {
  const { status, close } = REFUSALS[code];
  const replies = {
    "GET /api/events": await client.ask("GET", "/api/events"),
    "GET /ws/stats": await client.ask("GET", "/ws/stats"),
    "POST /api/events": await client.post({ type: "t" }),
    "an upgrade without a subprotocol": await client.upgrade(),
  };
  for (const [what, reply] of Object.entries(replies)) {
    await inCase(what, async () => {
      expectRefusal(reply, { status, code });
      expectTrue(`a detail that names ${names}`, reply.body.detail.includes(names), reply.text);
    });
  }
  await inCase("a socket of reactor.v1", async () => {
    const reason = await expectClosed(await client.socket(), close);
    expectTrue(`a reason that names ${names}`, reason.includes(names), reason);
  });
}

/** Expects a close with `code`, without a welcome or answer; it may be announced. @returns the reason */
export async function expectClosed(socket: TappedSocket, code: number): Promise<string> {
  const closed = await socket.end((frame) => {
    const isAnnounced = frame.type === "reactor_error" && frame.data?.code !== "unknown_message";
    const isQuiet = frame.type === "reactor_events" && loggedOf(frame).length === 0;
    expectTrue(`a close with ${code}, and no welcome or answer`, isAnnounced || isQuiet, frame);
  });
  expectEqual("the close code", closed.code, code);
  return closed.reason;
}

/** Whether CHANNELS opens the channel of this check to anonymous clients, and to tokens that name no channels. */
export async function isOpenChannel(hub: HubUnderTest): Promise<boolean> {
  return (await hub.as(null).ask("GET", "/ws/status")).status === 200;
}
