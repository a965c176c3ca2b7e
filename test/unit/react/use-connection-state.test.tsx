import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { connect, type Reactor } from "../../../src/client/index.ts";
import { useConnectionState } from "../../../src/react/index.ts";
import { HubDouble } from "../../support/hub-double.ts";
import { ManualClock, scripted } from "../../support/manual-ports.ts";

function State({ reactor }: { reactor: Reactor }) {
  return <p>{useConnectionState(reactor)}</p>;
}

it("renders connecting on a server, whatever the state of the connection", () => {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const reactor = connect(
    { url: "http://hub.test" },
    { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(0.5) },
  );
  hub.latest.welcome();
  clock.pass(0);
  expect(reactor.state).toBe("connected");
  expect(renderToString(<State reactor={reactor} />)).toBe("<p>connecting</p>");
});
