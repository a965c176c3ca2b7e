import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ReactorEvent } from "../../../src/client/index.ts";
import { ReactorStore } from "../../../src/react/reactor-store.ts";
import { useReactorEvent } from "../../../src/react/use-reactor-event.ts";
import { useReactorEvents } from "../../../src/react/use-reactor-events.ts";
import { connectToDouble, stampedEvent } from "../../support/client-setup.ts";
import { promisesSettle } from "../../support/manual-ports.ts";

/** One component, whose effects the test runs: there is no page here in which React would. */
const component = vi.hoisted(() => ({
  effects: [] as (() => () => void)[],
  store: undefined as unknown,
  state: undefined as unknown,
}));
vi.mock("react", async (original) => ({
  ...(await original<object>()),
  useRef: (value: unknown) => ({ current: value }),
  useEffect: (effect: () => () => void) => void component.effects.push(effect),
  useMemo: (make: () => unknown) => make(),
  useState: (make: () => unknown) => {
    component.state ??= make();
    return [component.state];
  },
  useSyncExternalStore: (_: unknown, read: () => unknown) => read(),
}));
vi.mock("../../../src/react/use-store.ts", () => ({ useStore: () => component.store }));

let asked: string[];
let log: ReactorEvent[];
beforeEach(() => {
  asked = [];
  log = [];
  vi.stubGlobal("fetch", async (url: string) => {
    const { search, searchParams } = new URL(url);
    asked.push(search);
    const after = Number(searchParams.get("after")?.split(".")[1]);
    const events = log.filter(({ seq = 0 }) => seq > after);
    return Response.json({ cursor: `k3x9.${log.at(-1)?.seq}`, more: false, events });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function mounted(pattern = "a") {
  const double = connectToDouble({ events: ["a"] });
  component.effects = [];
  component.store = new ReactorStore(double.reactor, null);
  const heard: unknown[] = [];
  // biome-ignore lint/correctness/useHookAtTopLevel: this is its component
  useReactorEvent(pattern, ({ seq }) => heard.push(seq));
  const show = component.effects[1] as () => () => void;
  /** The hub sends and keeps an event. */
  const emit = (seq: number) => {
    log.push(stampedEvent("a", seq));
    double.emit(stampedEvent("a", seq));
  };
  return { ...double, emit, heard, show };
}

it("[U8] gives a component that was hidden what it missed, and what comes while it is shown", async () => {
  const { heard, show, live, emit } = mounted();
  live(3);
  const hide = show();
  emit(4);
  hide();
  emit(5);
  const hideAgain = show();
  await promisesSettle();
  emit(6);
  hideAgain();
  show();
  expect([heard, asked]).toEqual([[4, 5, 6], ["?after=k3x9.4&events=a"]]);
});

it("[U8] goes on in another history, after a reset", async () => {
  const { heard, show, live, emit, hub, clock } = mounted();
  live(3);
  show()();
  emit(4);
  const hide = show();
  await promisesSettle();
  hub.latest.reset({ epoch: "new", seq: 0 }, "epoch");
  hub.latest.events(0, { epoch: "new", seq: 1 }, [stampedEvent("a", 1)]);
  clock.pass(0);
  hide();
  hub.latest.events(1, { epoch: "new", seq: 2 }, [stampedEvent("a", 2)]);
  clock.pass(0);
  log = [stampedEvent("a", 1), stampedEvent("a", 2)];
  show();
  await promisesSettle();
  expect([heard, asked]).toEqual([
    [4, 1, 2],
    ["?after=k3x9.3&events=a", "?after=new.1&events=a"],
  ]);
});

it("[U8] has a place in a channel that was empty", async () => {
  const { show, hub, clock, emit } = mounted();
  hub.latest.welcome({ epoch: "0", seq: 0 });
  clock.pass(0);
  show()();
  emit(1);
  const hide = show();
  await promisesSettle();
  hide();
  emit(2);
  show();
  await promisesSettle();
  expect(asked).toEqual(["?after=0.0&events=a", "?after=k3x9.1&events=a"]);
});

it("[U8] misses nothing where it is hidden again while the log is read, or before the first welcome", async () => {
  const { heard, show, live, emit } = mounted();
  show()();
  live(3);
  emit(4);
  for (let n = 0; n < 3; n++) show()();
  show();
  await promisesSettle();
  emit(5);
  expect(heard).toEqual([4, 5]);
});

it("[U8] asks for nothing where its pattern is none", () => {
  const { show, reactor, clock } = mounted("a,b");
  (component.store as ReactorStore).attach();
  expect(show).toThrow("`pattern` must be an event type");
  clock.pass(0);
  expect(reactor.patterns).toEqual(["a"]);
});

it("[U9] keeps fewer events at once where fewer are wanted", async () => {
  const { live, emit } = mounted();
  component.effects = [];
  const seqs = (keep: number) => {
    return useReactorEvents("a", { keep }).map(({ seq }) => seq);
  };
  seqs(3);
  component.effects[1]?.();
  live();
  for (const seq of [1, 2, 3]) emit(seq);
  await promisesSettle();
  expect([seqs(3), seqs(2)]).toEqual([
    [1, 2, 3],
    [2, 3],
  ]);
});
