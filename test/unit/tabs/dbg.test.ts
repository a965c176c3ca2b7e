import { it } from "vitest";
import { TabsBrowser } from "../../support/tabs-browser.ts";

it("x", async () => {
  const b = new TabsBrowser(0);
  const t0 = b.open();
  const t1 = b.open({ events: ["a"] });
  const show = (w: string) =>
    console.log(
      w,
      b.clock.nowMs,
      [t0, t1, t2].map((t) => t?.states.join()).join(" | "),
      b.locks.holder()?.name,
      [...b.sockets].map((s) => s.tab.name).join(),
      b.opened,
    );
  let t2: any;
  t0.reactor.close();
  await b.pass(3000);
  show("a");
  t2 = b.open();
  t1.reactor.close();
  await b.pass(9000);
  show("b");
  t0.reactor.open();
  t1.reactor.open();
  for (const ms of [1, 1, 1, 1, 1, 1, 1, 2000, 2000, 5000, 30000, 100000]) {
    await b.pass(ms);
    show("c");
  }
});
