import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, vi } from "vitest";
import { WebSocket as WsSocket } from "ws";
import { connect, createReactor } from "../../../src/client/connect.ts";
import type { ClientSocket } from "../../../src/client/connection/ports.ts";
import { runtimePorts } from "../../../src/client/connection/runtime-ports.ts";
import { at } from "../../support/connections.ts";
import { HubDouble } from "../../support/hub-double.ts";
import { ManualClock, promisesSettle, scripted } from "../../support/manual-ports.ts";
import { reportedErrors } from "../../support/reported-errors.ts";

const reported = reportedErrors();

function setup() {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const open = (): ClientSocket => expect.unreachable();
  return { clock, hub, ports: { open, after: clock.after, soon: clock.soon, random: scripted(0.5) } };
}

it("[K26] throws at once where there is no WebSocket, and names the option", () => {
  vi.stubGlobal("WebSocket", undefined);
  const url = "http://localhost:9";
  expect(() => connect(url)).toThrow("There is no global WebSocket here: give the option `WebSocket`");
  expect(() => connect(url)).toThrow(TypeError);
  expect(createReactor(url).state).toBe("closed"); // as while rendering on a server
});

it("[K26] opens sockets of the class that it is given, or by a function", () => {
  const { hub, clock, ports } = setup();
  const made: unknown[] = [];
  class Socket {
    constructor(url: string, protocols: string[]) {
      made.push(url, protocols);
      Object.assign(this, { close() {}, send() {}, addEventListener() {} });
    }
  }
  connect({ url: "https://hub.test", events: ["a"], WebSocket: Socket as never }, ports);
  clock.pass(0);
  expect(made).toEqual(["wss://hub.test/ws/stream?events=a", ["reactor.v1"]]);
  const reactor = connect({ url: "https://hub.test", events: ["a"], token: "t.1", open: hub.open }, ports);
  hub.latest.welcome(at(0));
  clock.pass(0);
  expect([reactor.state, hub.latest.protocols]).toEqual(["connected", ["reactor.v1", "reactor.token.t.1"]]);
});

it("[K26] needs no more of another transport than a way in, a way out and an end", () => {
  const { clock, hub, ports } = setup();
  const open = (url: string, protocols: string[]): ClientSocket => {
    const { addEventListener, send, close } = hub.open(url, protocols);
    const line = hub.latest;
    return {
      addEventListener: addEventListener.bind(line),
      send: send.bind(line),
      close: close.bind(line),
    };
  };
  const reactor = connect({ url: "https://hub.test", open }, ports);
  const heard: unknown[] = [];
  reactor.on("a", ({ seq }) => heard.push(seq));
  hub.latest.welcome(at(0));
  hub.latest.deliver('{"type":"reactor_events","after":0,"cursor":"k3x9.1","events":[{"type":"a","seq":1,"data":{}}]}');
  clock.pass(0);
  hub.latest.drop(1006);
  clock.pass(1_000);
  expect([hub.connections.length, heard, new URL(hub.latest.url).searchParams.get("cursor")]).toEqual([
    2,
    [1],
    "k3x9.1",
  ]);
  reactor.close();
  clock.pass(0);
  expect([reactor.state, hub.latest.isClosedByClient, clock.pending]).toEqual(["closed", true, 0]);
});

it("[K26] stays and tries again where `ws` finds no hub, whose error would end the process", async () => {
  const made: WsSocket[] = [];
  class Socket extends WsSocket {
    constructor(...given: ConstructorParameters<typeof WsSocket>) {
      super(...given);
      made.push(this);
    }
  }
  const reactor = connect({ url: "http://127.0.0.1:9", WebSocket: Socket });
  await promisesSettle();
  expect(made.map((socket) => socket.listenerCount("error"))).toEqual([1]);
  const reason = await new Promise((resolve) => reactor.onState((state, close) => resolve([state, close?.code])));
  expect(reason).toEqual(["reconnecting", 1006]);
  reactor.close();
});

it("[K26] takes an opening that throws for a failed attempt, and reports it", async () => {
  const { clock, hub, ports } = setup();
  const open = vi.fn(hub.open).mockImplementationOnce(() => {
    throw new DOMException("An insecure WebSocket may not be opened from a page over HTTPS.", "SecurityError");
  });
  const reactor = createReactor({ url: "http://hub.test", open }, ports);
  const losses: unknown[] = [];
  reactor.onState((state, close) => losses.push([state, close?.reason]));
  reactor.open();
  clock.pass(0);
  await promisesSettle();
  expect(losses).toEqual([
    ["connecting", undefined],
    ["reconnecting", "SecurityError: An insecure WebSocket may not be opened from a page over HTTPS."],
  ]);
  expect(reported).toHaveLength(1);
  clock.pass(1_000);
  hub.latest.welcome(at(0));
  clock.pass(0);
  expect(reactor.state).toBe("connected");
});

it("[K27] ends a socket that does not close within 3 s, where the runtime can", () => {
  const { clock, hub, ports } = setup();
  const terminate = vi.fn();
  const open = (url: string, protocols: string[]) => Object.assign(hub.open(url, protocols), { terminate });
  const reactor = connect({ url: "http://hub.test", open }, ports);
  hub.latest.welcome(at(0));
  clock.pass(0);
  hub.frozen = true;
  reactor.close();
  clock.pass(2_999);
  expect(terminate).not.toHaveBeenCalled();
  clock.pass(1);
  expect(terminate).toHaveBeenCalledOnce();
  hub.frozen = false;
  reactor.open();
  hub.latest.welcome(at(0));
  clock.pass(0);
  reactor.close();
  clock.pass(0);
  expect([terminate.mock.calls.length, clock.pending]).toEqual([1, 0]);
});

it("[K27] ends the socket of a hub that stands still, in Node", async () => {
  const server = createServer();
  const left = new Promise<void>((resolve) => {
    server.on("upgrade", ({ headers }, socket) => {
      const key = `${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      const accept = createHash("sha1").update(key).digest("base64");
      const lines = ["HTTP/1.1 101 -", "Upgrade: websocket", "Connection: Upgrade", `Sec-WebSocket-Accept: ${accept}`];
      socket.write([...lines, "Sec-WebSocket-Protocol: reactor.v1", "", ""].join("\r\n"));
      socket.on("error", () => resolve()).on("end", () => resolve());
      socket.resume(); // it answers nothing of what it reads
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const clock = new ManualClock();
  const opened = Promise.withResolvers<void>();
  const open: typeof runtimePorts.open = (...given) => {
    const socket = runtimePorts.open(...given);
    socket.addEventListener("open", opened.resolve);
    return socket;
  };
  const reactor = connect(`http://127.0.0.1:${port}`, { ...runtimePorts, after: clock.after, open });
  await opened.promise;
  reactor.close();
  clock.pass(3_000);
  await left;
  server.closeAllConnections();
  server.close();
});

const BIG = '{"id":1285704473650888702}';

it("[K28] reads frames by `parse`, which may keep integers that JSON.parse rounds", () => {
  const { clock, hub, ports } = setup();
  const parse = (text: string) => JSON.parse(text.replace(BIG, '{"id":"1285704473650888702"}'));
  const reactor = connect({ url: "http://hub.test", open: hub.open, parse }, ports);
  const received: unknown[] = [];
  reactor.on("a", ({ data }) => received.push(data));
  hub.latest.welcome(at(0));
  hub.latest.deliver(
    `{"type":"reactor_events","after":0,"cursor":"k3x9.1","events":[{"type":"a","seq":1,"data":${BIG}}]}`,
  );
  clock.pass(0);
  expect(received).toEqual([{ id: "1285704473650888702" }]);
});

it("[K28] reports what `parse` throws, and loses no event by it", async () => {
  const { clock, hub, ports } = setup();
  const parse = () => {
    throw new Error("A parser's own.");
  };
  const reactor = connect({ url: "http://hub.test", open: hub.open, parse }, ports);
  const received: unknown[] = [];
  reactor.on("a", ({ seq }) => received.push(seq));
  hub.latest.welcome(at(0));
  hub.latest.deliver('{"type":"reactor_events","after":0,"cursor":"k3x9.1","events":[{"type":"a","seq":1,"data":{}}]}');
  clock.pass(0);
  const trip = reactor.ping();
  clock.pass(0);
  expect([received, await trip]).toEqual([[1], expect.any(Number)]);
  expect(reported).toHaveLength(2);
});
