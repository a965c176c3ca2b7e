import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import {
  ReactorProvider,
  useReactor,
  useReactorEvent,
  useReactorEvents,
  useReactorLatest,
  useReactorState,
} from "../../../src/react/index.ts";

function Outside() {
  return <p>{useReactor().connected}</p>;
}

it("[U1] throws outside of a provider, and names what is missing", () => {
  expect(() => renderToString(<Outside />)).toThrow("ReactorProvider");
});

const HOOKS = {
  useReactorEvent: () => useReactorEvent("a", () => {}),
  useReactorEvents: () => useReactorEvents("a"),
  useReactorState: () => useReactorState(),
};

function Using({ name }: { name: keyof typeof HOOKS }) {
  const useHook = HOOKS[name];
  return <p>{String(useHook())}</p>;
}

it.each(Object.keys(HOOKS) as (keyof typeof HOOKS)[])(
  "[U11] %s throws outside of a provider, and names itself",
  (name) => {
    expect(() => renderToString(<Using name={name} />)).toThrow(`${name} needs a <ReactorProvider>`);
  },
);

function All() {
  useReactorEvent("a", () => {});
  const list = useReactorEvents("a", { keep: 1 });
  return <p>{`${list.length} ${useReactorLatest("a")} ${useReactorState()}`}</p>;
}

it("[U8] [U9] [U10] renders on a server, without events, and opens nothing", () => {
  const page = (
    <ReactorProvider url="https://hub.test">
      <All />
    </ReactorProvider>
  );
  expect(renderToString(page)).toBe("<p>0 undefined connecting</p>");
});

function KeepsNone() {
  return <p>{useReactorEvents("a", { keep: 0 }).length}</p>;
}

it("[U9] refuses to keep less than one event", () => {
  const page = (
    <ReactorProvider url="https://hub.test">
      <KeepsNone />
    </ReactorProvider>
  );
  expect(() => renderToString(page)).toThrow("`keep` must be a number of at least 1; this is 0.");
});
