// How a hub refuses the query of an upgrade, in either dialect.
import { expectClosed } from "./expect-access.ts";
import { expectRefusal, type HubUnderTest, type Query } from "./hub-under-test.ts";
import { expectLike, inCase } from "./mismatch.ts";

/** Expects `code`: of a legacy upgrade over HTTP, of a socket of v1 in a frame and by a close with 4500. */
export async function expectRefusedQuery(hub: HubUnderTest, query: Query, code: string): Promise<void> {
  await inCase(`an upgrade with ${JSON.stringify(query)}`, async () =>
    expectRefusal(await hub.upgrade(query), { status: 400, code }),
  );
  await inCase(`a socket with ${JSON.stringify(query)}`, async () => {
    const socket = await hub.socket(query);
    expectLike("the first frame", await socket.frame(), { type: "reactor_error", data: { code, close: 4500 } });
    await expectClosed(socket, 4500);
  });
}
