// S5, F10 and S6: how a socket is closed.
import type { Check } from "./check.ts";
import { expectEqual, expectLike, expectTrue } from "./mismatch.ts";

export const CLOSING_CHECKS: readonly Check[] = [
  {
    rule: "S5",
    description: "a binary message, or one over 64 KiB, closes its socket with 4500, and affects no other",
    async run(hub) {
      const { socket: other } = await hub.listen();
      for (const protocols of [["reactor.v1"], []]) {
        for (const message of [new Uint8Array([1]), "x".repeat(64 * 1024 + 1)]) {
          const { socket } = await hub.listen({}, protocols);
          socket.send(message);
          expectEqual("the close code", (await socket.closed()).code, 4500);
        }
      }
      await hub.emit({ type: "t" });
      expectLike("what the other receives", await other.events(1), [{ type: "t" }]);
    },
  },
  {
    rule: "F10",
    description:
      "before it closes a v1 socket the hub sends the code and the reason; in the legacy dialect it only closes",
    async run(hub) {
      const { socket } = await hub.listen();
      socket.send(new Uint8Array([1]));
      const { frames, code, reason } = await socket.end();
      const data = { code: "protocol_error", close: code };
      expectLike("the last frame", frames.at(-1), { type: "reactor_error", data });
      const said: string = frames.at(-1)?.data?.message ?? "";
      expectTrue("the close frame's reason is what was said", reason !== "" && said.startsWith(reason), reason);
      const { socket: legacy } = await hub.listen({}, []);
      legacy.send(new Uint8Array([1]));
      const errors = (await legacy.end()).frames.filter(({ type }) => type === "reactor_error");
      expectEqual("errors in the legacy dialect", errors, []);
    },
  },
  {
    rule: "S6",
    description: "every close is answered, whatever its code, and its socket is no longer counted",
    async run(hub) {
      for (const code of [undefined, 1000, 3000, 4000, 4500, 4999]) {
        const { socket } = await hub.listen();
        socket.close(code);
        expectTrue(`an answer to a close with ${code ?? "no code"}`, (await socket.closed()).code !== 1006, "none");
      }
      let left: unknown;
      for (let n = 0; n < 100 && left !== 0; n++) left = (await hub.stats()).connected_clients;
      expectEqual("the number of connected clients", left, 0);
    },
  },
];
