import { expect, it } from "vitest";
import { attachOf, withAttach } from "../../src/hub/attach-request.ts";

const attach = { channel: "main", dialect: "v1", asked: ["news_*"], allowed: null, cursor: null } as const;

it("carries what the Worker settled, and none of a stranger's own reactor-* headers", () => {
  const forged = new Request("http://hub.test/ws/stream", {
    headers: {
      Upgrade: "websocket",
      "Reactor-Attach": '{"allowed":null}',
      "reactor-anything": "x",
      Origin: "http://a.test",
    },
  });
  const request = withAttach(forged, attach);
  expect(attachOf(request)).toEqual(attach);
  expect([...request.headers.keys()].sort()).toEqual(["origin", "reactor-attach", "upgrade"]);
});

it("does not take an upgrade that the Worker has not seen", () => {
  expect(() => attachOf(new Request("http://hub.test/ws/stream"))).toThrow("reactor-attach");
});
