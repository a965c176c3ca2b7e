import { renderToString } from "react-dom/server";
import { expect, expectTypeOf, it } from "vitest";
import { createReactor, type ReactorEvent } from "../../../src/client/index.ts";
import { ReactorProvider, typedHooks, useConnectionState, useReactorEvents } from "../../../src/react/index.ts";

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

const hooks = typedHooks<Events & { digest_created: number }>();
type News = ReactorEvent<"news_processed", { title: string }>;

function Typed() {
  hooks.useReactorEvent("news_*", (event) => expectTypeOf(event).toEqualTypeOf<News>());
  expectTypeOf(hooks.useReactorLatest("digest_created")?.data).toEqualTypeOf<number | undefined>();
  expectTypeOf(hooks.useReactorEvents("news_processed")).toEqualTypeOf<readonly News[]>();
  // @ts-expect-error no type of the map, and no pattern
  hooks.useReactorLatest("news");
  const { emit, events } = hooks.useReactor();
  expectTypeOf(events[0]?.type).toEqualTypeOf<"news_processed" | "digest_created" | undefined>();
  // @ts-expect-error not the data of this type
  void (() => emit("digest_created", "1"));
  return "rendered";
}

it("[U11] types the hooks by a map of events", () => {
  expect(hooks.useReactorEvents).toBe(useReactorEvents);
  const page = (
    <ReactorProvider url="https://hub.test">
      <Typed />
    </ReactorProvider>
  );
  expect(renderToString(page)).toBe("rendered");
});
