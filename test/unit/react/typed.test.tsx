import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { createReactor } from "../../../src/client/index.ts";
import { ReactorProvider, useConnectionState } from "../../../src/react/index.ts";

interface Events {
  news_processed: { title: string };
}

const reactor = createReactor<Events>("https://hub.test");

function State() {
  return <ReactorProvider reactor={reactor}>{useConnectionState(reactor)}</ReactorProvider>;
}

it("[U2] takes a connection whose events are typed", () => {
  expect(renderToString(<State />)).toBe("connecting");
});
