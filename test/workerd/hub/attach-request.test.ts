import { expect, it } from "vitest";
import { attachOf, refusalsOf, withAttach } from "../../../src/hub/attach-request.ts";

const attach = {
  channel: "main",
  dialect: "v1",
  asked: ["news_*"],
  allowed: null,
  cursor: null,
  last: null,
  sub: 'Ада "L\u00f8velace" \ud83d\ude00 \ud800',
  emit: ["chat_*"],
  expiresMs: 1_796_000_000_000,
} as const;

const forged = new Request("http://hub.test/ws/stream?channel=x&token=a.b.c", {
  headers: {
    Upgrade: "websocket",
    "Reactor-Attach": '{"allowed":null}',
    "reactor-anything": "x",
    Origin: "http://a.test",
    Authorization: "Bearer a.b.c",
    Cookie: "session=1",
    "Sec-WebSocket-Protocol": "reactor.v1, reactor.token.a.b.c",
  },
});

it("carries what the Worker decided, and no reactor-* header of the client", () => {
  const request = withAttach(forged, attach);
  expect(attachOf(request)).toEqual(attach);
  expect(request.headers.get("reactor-attach")).toMatch(/^[ -~]+$/);
  expect([...request.headers.keys()].sort()).toEqual(["origin", "reactor-attach", "upgrade"]);
});

it("[H26] carries what the Worker has refused, and none that a client claims", () => {
  const claims = new Request(forged, { headers: { "Reactor-Refusals": '{"internal":9}' } });
  expect(refusalsOf(withAttach(claims, attach))).toBeUndefined();
  expect(refusalsOf(withAttach(claims, attach, { unauthorized: 2 }))).toEqual({ unauthorized: 2 });
});

it("[T10] passes on no credential, neither in a header nor in the URL", () => {
  const request = withAttach(forged, attach);
  expect(request.url).toBe("http://hub.test/ws/stream");
  expect(JSON.stringify([...request.headers])).not.toContain("a.b.c");
});

it("refuses an upgrade that did not come through the Worker", () => {
  expect(() => attachOf(new Request("http://hub.test/ws/stream"))).toThrow("reactor-attach");
});
