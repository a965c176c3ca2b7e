import { renderToString } from "react-dom/server";
import { afterEach, expect, it, vi } from "vitest";
import { ReactorProvider, useReactor } from "../../../src/react/index.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

function Shown() {
  const { connected, events, error, reset, getStatus } = useReactor();
  return <p>{JSON.stringify({ connected, events, error, reset, status: getStatus() })}</p>;
}

it("[U2] opens no connection on a server, and needs no page there", () => {
  vi.stubGlobal("WebSocket", () => expect.unreachable());
  const html = renderToString(
    <ReactorProvider channel="eu" events={["a"]} token={() => expect.unreachable()}>
      <Shown />
    </ReactorProvider>,
  );
  const shown = JSON.parse(html.replaceAll("&quot;", '"').replace(/<\/?p>/g, ""));
  const status = { connected: false, readyState: 3, reconnectAttempts: 0, url: "" };
  expect(shown).toEqual({ connected: false, events: [], error: null, reset: null, status });
});
