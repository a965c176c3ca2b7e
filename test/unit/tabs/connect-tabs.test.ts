import { expect, it } from "vitest";
import { debug } from "../../../src/client/debug.ts";
import { connectTabs, type TabsOptions } from "../../../src/tabs/connect-tabs.ts";
import { encodeAuth } from "../../../src/wire/client-frame.ts";
import { type Tab, TabsBrowser } from "../../support/tabs-browser.ts";

/** A token of these claims, which nothing verifies here. */
function tokenOf(claims: object, serial = 0): string {
  const text = Buffer.from(JSON.stringify({ ...claims, exp: 2_000_000_000, jti: `${serial}` })).toString("base64url");
  return `head.${text}.sign`;
}

async function opened(...options: TabsOptions[]) {
  const browser = new TabsBrowser();
  const tabs = options.map((each) => browser.open(each));
  await browser.pass(1_000);
  return { browser, tabs: tabs as [Tab, Tab, Tab] };
}

const socketsFor = async (...options: TabsOptions[]) => (await opened(...options)).browser.sockets.size;

it("[K36] shares by url, channel, subject and rights", async () => {
  expect(await socketsFor({}, { channel: "main" }, { url: "wss://hub.test/" })).toBe(1);
  expect(await socketsFor({}, { channel: "eu" })).toBe(2);
  expect(await socketsFor({}, { url: "https://hub.test/behind" })).toBe(2);
  const ann = { sub: "ann", events: ["a", "b"] };
  const same = tokenOf({ ...ann, events: ["b", "a"] }, 1);
  expect(await socketsFor({ token: tokenOf(ann) }, { token: same })).toBe(1);
  expect(await socketsFor({ token: tokenOf(ann) }, {})).toBe(2);
  for (const other of [{ ...ann, sub: "bob" }, { ...ann, events: ["a"] }, { ...ann, emit: ["a"] }, { sub: "ann" }]) {
    expect(await socketsFor({ token: tokenOf(ann) }, { token: tokenOf(other) })).toBe(2);
  }
});

it("[K36] shares by a key of the page's own, and never where a token cannot be read", async () => {
  const [ann, bob] = [tokenOf({ sub: "ann" }), tokenOf({ sub: "bob" })];
  expect(await socketsFor({ token: ann, share: "x" }, { token: bob, share: "x" })).toBe(1);
  expect(await socketsFor({ share: "x" }, { share: "y" }, {})).toBe(3);
  expect(await socketsFor({ token: "no.token.here" }, { token: "no.token.here" })).toBe(2);
});

it("[K36] lets each tab connect by itself where the browser lacks locks or channels, or refuses them", async () => {
  const refuses = { request: () => Promise.reject(new DOMException("No.", "SecurityError")) };
  for (const lacking of [{ locks: undefined }, { channel: undefined }, { locks: refuses }]) {
    const browser = new TabsBrowser();
    const tabs = [browser.open({}, lacking), browser.open({}, lacking)];
    await browser.pass(1_000);
    browser.emit();
    await browser.pass(100);
    expect(browser.sockets.size).toBe(2);
    expect(tabs.map(({ record }) => record)).toEqual([[1], [1]]);
  }
});

it.each<[string, object]>([
  ["`share` must be", { share: 5 }],
  ["`worker` must be a function", { worker: "worker.js" }],
  ["`worker` must be without", { worker: () => {}, WebSocket: class {} }],
  ["`options` must be of", { tabs: true }],
  ["`open` must be without", { open: () => {}, WebSocket: class {} }],
  ["`url` must be", { url: "ftp://hub.test" }],
])("[K20] [K36] refuses options at the call: %s", (message, options) => {
  const browser = new TabsBrowser();
  expect(() => browser.open(options as TabsOptions)).toThrow(message);
  expect(browser.opened).toBe(0);
});

it("[K20] [K36] refuses what is neither an address nor options", () => {
  expect(() => connectTabs(null as never)).toThrow("`url` must be");
});

it("[K37] asks the hub for what any tab wants, and gives each tab its own", async () => {
  const { browser, tabs } = await opened({ events: ["a"] }, { events: ["b", "c"] });
  for (const type of ["a", "b", "c", "d"]) browser.emit(type);
  await browser.pass(100);
  expect(tabs.map(({ record }) => record)).toEqual([[1], [2, 3]]);
  tabs[0].reactor.subscribe(["d"]);
  await browser.pass(100);
  for (const type of ["a", "b", "d"]) browser.emit(type);
  await browser.pass(100);
  expect(tabs.map(({ record }) => record)).toEqual([
    [1, 7],
    [2, 3, 6],
  ]);
  expect(tabs[0].reactor.patterns).toEqual(["d"]);
  await browser.pass(10_000);
  tabs[1].reactor.close();
  await browser.pass(10_000);
  const asked = [...browser.hub.attachments.values()].map((subscriber) => subscriber.asked);
  expect(asked).toEqual([["d"]]); // what no tab wants is asked for no longer
  expect(browser.opened).toBe(1);
});

it("[K37] asks for everything where the tabs together want more than a hub takes", async () => {
  const many = (letter: string) => Array.from({ length: 40 }, (_, n) => `${letter}${n}`);
  const { browser, tabs } = await opened({ events: many("a") }, { events: many("b") });
  for (const type of ["a1", "b1", "c1"]) browser.emit(type);
  await browser.pass(100);
  expect(tabs.map(({ record }) => record)).toEqual([[1], [2]]);
});

it("[K37] gives a tab that comes later what it asks for, and reads only that from the log", async () => {
  const { browser } = await opened({});
  for (let n = 0; n < 150; n++) browser.emit(n % 2 === 0 ? "a" : "b");
  await browser.pass(100);
  const reads = browser.reads;
  const late = [
    browser.open({ events: ["a"], cursor: "0.0" }),
    browser.open({ last: 3 }),
    browser.open({ cursor: "abc.148" }),
    browser.open({ cursor: "abc.150" }),
    browser.open(),
  ];
  await browser.pass(3);
  browser.emit("a");
  await browser.pass(1_000);
  const odd = Array.from({ length: 76 }, (_, n) => 2 * n + 1);
  expect(late.map(({ record }) => record)).toEqual([odd, [149, 150, 151], [149, 150, 151], [151], [151]]);
  expect(browser.reads - reads).toBeLessThanOrEqual(4);
  expect(browser.opened).toBe(1);
});

it("[K37] gives a tab what comes while it reads the log", async () => {
  const { browser } = await opened({});
  for (let n = 0; n < 3; n++) browser.emit();
  await browser.pass(100);
  const late = browser.open({ cursor: "0.0" });
  for (let ms = 0; browser.reads === 0 && ms < 100; ms++) await browser.pass(1);
  await browser.pass(2); // the page is on its way
  browser.emit();
  await browser.pass(100);
  expect(late.record).toEqual([1, 2, 3, 4]);
});

it("[K37] confirms to a tab what it asked for once the hub has", async () => {
  const { browser, tabs } = await opened({ events: ["a"] }, { events: ["b"] });
  const lines: string[] = [];
  debug(tabs[1].reactor, { print: (line) => lines.push(line) });
  browser.cut(); // so that it sees the next socket
  await browser.pass(2_000);
  const isConfirmed = () => lines.some((line) => line.includes("reactor_subscribed"));
  browser.isDeaf = true;
  tabs[1].reactor.subscribe(["d"]);
  await browser.pass(100);
  expect(isConfirmed()).toBe(false);
  browser.isDeaf = false;
  tabs[1].reactor.subscribe(["a"]);
  await browser.pass(100);
  expect(isConfirmed()).toBe(false); // they are answered in order
});

it("[K37] tells a tab of another log, and only that, that it starts afresh", async () => {
  const { browser, tabs } = await opened({});
  for (let n = 0; n < 3; n++) browser.emit();
  await browser.pass(100);
  const late = browser.open({ cursor: "old.7" });
  await browser.pass(1_000);
  browser.emit();
  await browser.pass(100);
  expect([late.resets, late.record, tabs[0].resets]).toEqual([["epoch"], [4], []]);
});

it("[K37] tells each tab of a log that was made anew while the line was cut", async () => {
  const { browser, tabs } = await opened({ cursor: "old.7" }, { cursor: "old.5" });
  browser.emit();
  await browser.pass(5_000);
  browser.emit();
  await browser.pass(1_000);
  for (const tab of tabs) {
    expect(tab.resets).toEqual(["epoch"]);
    expect(tab.record.at(-1)).toBe(2);
    expect(new Set(tab.record).size).toBe(tab.record.length);
  }
});

it("[K37] reads the log again where it could not be read, tells the tab, and ends what is refused", async () => {
  const { browser } = await opened({});
  for (let n = 0; n < 5; n++) browser.emit();
  await browser.pass(100);
  browser.refusal = { status: 503, body: {} };
  const late = browser.open({ cursor: "0.0" });
  await browser.pass(10_000);
  expect([late.record, late.errors]).toEqual([[], ["log_unavailable"]]);
  browser.refusal = undefined;
  await browser.pass(10_000);
  expect(late.record).toEqual([1, 2, 3, 4, 5]);
  browser.refusal = { status: 403, body: { code: "forbidden", detail: "No." } };
  const refused = browser.open({ cursor: "0.0" });
  await browser.pass(100);
  expect(refused.errors).toEqual(["forbidden"]);
  expect(refused.reactor.state).not.toBe("connected");
});

it("[K37] sends a tab that takes nothing in no more than a bound, and the rest once it does", async () => {
  const { browser, tabs } = await opened({}, {});
  const slow = tabs.find((tab) => tab !== browser.locks.holder()) as Tab;
  slow.isFrozen = true;
  const large = "x".repeat(20_000);
  for (let n = 0; n < 100; n++) {
    browser.emitData(large);
    await browser.pass(20);
  }
  expect(browser.waitingFor(slow)).toBeLessThan(1_200_000);
  slow.thaw();
  await browser.pass(2_000);
  const all = Array.from({ length: 100 }, (_, n) => n + 1);
  for (const tab of tabs) expect(tab.record).toEqual(all);
});

it("[K39] sends what any tab emits, and answers it", async () => {
  const { browser, tabs } = await opened({}, {}, {});
  const receipts = Promise.all(tabs.map(({ reactor }, n) => reactor.emit("a", { n }, { id: `id${n}` })));
  await browser.pass(1_000);
  const given = await receipts;
  expect(given.map(({ id, duplicate }) => [id, duplicate])).toEqual([
    ["id0", false],
    ["id1", false],
    ["id2", false],
  ]);
  for (const tab of tabs) expect(tab.record).toEqual([1, 2, 3]);
  const refused = tabs[1].reactor.emit("reactor_no").catch((error) => error.code);
  await browser.pass(1_000);
  expect(await refused).toBe("reserved_type");
  expect(tabs.flatMap(({ errors }) => errors)).toEqual([]);
});

it("[K39] sends an emit again by the next holder, and it is in the log once", async () => {
  const { browser, tabs } = await opened({}, {}, {});
  const holder = browser.locks.holder() as Tab;
  const other = tabs.find((tab) => tab !== holder) as Tab;
  const receipt = other.reactor.emit("a", {}, { id: "once" });
  await browser.pass(2);
  holder.crash();
  await browser.pass(2_000);
  expect((await receipt).id).toBe("once");
  expect(browser.log()).toHaveLength(1);
  expect(other.record).toEqual([1]);
});

it("[K39] answers an emit that was sent again by the answer to the first", async () => {
  const { browser, tabs } = await opened({}, {});
  const other = tabs.find((tab) => tab !== browser.locks.holder()) as Tab;
  const receipt = other.reactor.emit("a", {}, { id: "once" });
  const [socket] = browser.sockets;
  const isSent = () => socket?.heard.some((text) => text.includes("once"));
  for (let ms = 0; !isSent() && ms < 100; ms++) await browser.pass(1);
  browser.cut();
  await browser.pass(3_000);
  expect(await receipt).toMatchObject({ id: "once", duplicate: false });
});

it("[K39] asks a tab for a fresh token when the hub does, and shows it on the same socket", async () => {
  const asked = [0, 0];
  const tokens = [0, 1].map((n) => () => {
    asked[n] = (asked[n] ?? 0) + 1;
    return tokenOf({ sub: "ann" }, 10 * n + asked[n]);
  });
  const { browser, tabs } = await opened(...tokens.map((token) => ({ token })));
  expect([browser.sockets.size, asked]).toEqual([1, [1, 1]]);
  browser.tell('{"type":"reactor_error","data":{"code":"token_expiring","message":"Soon.","ref":null}}');
  await browser.pass(100);
  expect(asked).toEqual([2, 1]);
  const [socket] = browser.sockets;
  const renewals = socket?.heard.filter((text) => text.includes("auth"));
  // The newest that it knows at once, then the fresh one.
  expect(renewals).toEqual([11, 2].map((serial) => encodeAuth(tokenOf({ sub: "ann" }, serial))));
  expect(tabs.flatMap(({ errors }) => errors)).toEqual([]);
});

it("[K39] passes a refusal of the token on to each tab, which asks its own function", async () => {
  let serial = 0;
  const token = () => tokenOf({ sub: "ann" }, serial++);
  const browser = new TabsBrowser();
  browser.refused.add(tokenOf({ sub: "ann" }, 0)).add(tokenOf({ sub: "ann" }, 1));
  const tabs = [browser.open({ token }), browser.open({ token })];
  await browser.pass(10_000);
  expect(tabs.map(({ reactor }) => reactor.state)).toEqual(["connected", "connected"]);
  const fixed = browser.open({ token: tokenOf({ sub: "bob" }) });
  browser.refused.add(tokenOf({ sub: "bob" }));
  await browser.pass(1_000);
  expect(fixed.states).toEqual(["closed"]);
});

it("[K39] gives a tab whose token becomes another subject's a connection apart", async () => {
  let sub = "ann";
  const { browser, tabs } = await opened({ token: () => tokenOf({ sub }) }, { token: tokenOf({ sub: "ann" }) });
  expect(browser.sockets.size).toBe(1);
  sub = "bob";
  tabs[0].reactor.refreshToken();
  await browser.pass(2_000);
  expect(browser.sockets.size).toBe(2);
  browser.emit();
  await browser.pass(100);
  expect(tabs.map(({ record }) => record)).toEqual([[1], [1]]);
});

it("[K37] tells all tabs when the line is cut, and goes on where they were", async () => {
  const { browser, tabs } = await opened({}, {});
  browser.emit();
  await browser.pass(50);
  browser.cut();
  browser.emit();
  await browser.pass(5_000);
  for (const tab of tabs) {
    expect(tab.states).toEqual(["connected", "reconnecting", "connecting", "connected"]);
    expect(tab.record).toEqual([1, 2]);
  }
  expect(browser.reads).toBe(0);
});

it("[K37] answers a tab's ping by the hub's", async () => {
  const { browser, tabs } = await opened({}, {});
  const pings = Promise.all(tabs.map(({ reactor }) => reactor.ping()));
  await browser.pass(100);
  expect((await pings).every((ms) => ms !== null)).toBe(true);
});
