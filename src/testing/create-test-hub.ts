// Makes a hub in memory: its channels, its sockets and its clock.
import type { ClientSocket } from "../client/connection/ports.ts";
import { closeFor } from "../core/fanout/closing.ts";
import { channelFault, DEFAULT_CHANNEL, isChannel } from "../wire/channel.ts";
import { isClosing } from "../wire/close-code.ts";
import { describeValue } from "../wire/describe-value.ts";
import { parseDraft } from "../wire/draft.ts";
import type { ReactorEvent } from "../wire/event.ts";
import type { Problem } from "../wire/problem.ts";
import { SUBPROTOCOL, TOKEN_SUBPROTOCOL } from "../wire/server-frame.ts";
import { TestChannel } from "./test-channel.ts";
import { TestClock } from "./test-clock.ts";
import { answerInTest } from "./test-http.ts";
import type { TestHub, TestHubOptions } from "./test-hub.ts";
import { checkNames, checkTestOptions } from "./test-options.ts";
import { parseTestQuery } from "./test-query.ts";
import { authenticateInTest, TEST_KEY } from "./test-rights.ts";
import { type SocketPeer, TestSocket } from "./test-socket.ts";

/** `.example` is of no one (RFC 2606). */
const URL_OF_TESTS = "https://hub.example";

const STREAM = ["channel", "cursor", "last", "events"] as const;

/**
 * Makes a hub in memory. Nothing of it needs to be closed: it has no timers and no sockets of the platform.
 *
 * @param options all optional
 * @returns the hub, running, with an empty log
 * @throws TypeError if an option is invalid
 * @example
 * ```ts
 * import { connect } from "pulse-reactor/client";
 * import { createTestHub } from "pulse-reactor/testing";
 *
 * const hub = createTestHub();
 * const reactor = connect({ url: hub.url }, hub.ports);
 * reactor.on("news_processed", ({ data }) => console.log(data)); // → {"title":"Hello"}
 * await hub.advance(0); // it connects
 * await hub.emit("news_processed", { title: "Hello" });
 * ```
 */
export function createTestHub(options: TestHubOptions = {}): TestHub {
  const { startMs, keepEvents, heartbeatSeconds, authenticate } = checkTestOptions(options);
  const clock = new TestClock(startMs);
  const channels = new Map<string, TestChannel>();
  const homes = new WeakMap<TestSocket, TestChannel>();
  const asking = new Set<TestSocket>();
  let isUp = true;
  let epochs = 0;

  const rightsIn = (credential: string | null, channel: string) =>
    clock.awaits(authenticateInTest(authenticate, credential, channel));

  const channelNamed = (name: string = DEFAULT_CHANNEL): TestChannel => {
    if (!isChannel(name)) throw new TypeError(channelFault(name));
    const known = channels.get(name);
    if (known) return known;
    const channel = new TestChannel({
      clock,
      keepEvents,
      heartbeatMs: heartbeatSeconds * 1_000,
      freshEpoch: () => `test${++epochs}`,
      authenticate: rightsIn,
    });
    channels.set(name, channel);
    return channel;
  };

  const peer: SocketPeer = {
    soon: clock.soon,
    nowMs: () => clock.nowMs,
    asked(socket) {
      asking.add(socket);
      const fail = (error: unknown) => {
        console.error("`authenticate` of the test hub failed.", error);
        socket.lose();
      };
      void clock.awaits(letIn(socket)).catch(fail);
    },
    heard: (socket, text) => homes.get(socket)?.hear(socket, text),
    left(socket) {
      asking.delete(socket);
      homes.get(socket)?.leave(socket);
    },
  };

  async function letIn(socket: TestSocket): Promise<void> {
    if (!isUp) return socket.lose();
    const { url, protocols } = socket;
    const dialect = protocols.includes(SUBPROTOCOL) ? "v1" : "legacy";
    const query = parseTestQuery(url, STREAM);
    if (!query.ok) return refuse(socket, dialect, query.problem);
    const { channel, asked, cursor, last } = query.value;
    const offered = protocols.find((name) => name.startsWith(TOKEN_SUBPROTOCOL));
    const rights = await rightsIn(offered?.slice(TOKEN_SUBPROTOCOL.length) ?? null, channel);
    if (!asking.delete(socket)) return; // it has left, or the hub is gone
    if (!rights.ok) return refuse(socket, dialect, rights.problem);
    const { hear: allowed, emit, sub, expiresMs } = rights.value;
    const home = channelNamed(channel);
    homes.set(socket, home);
    home.join(socket, { channel, dialect, asked, allowed, cursor, last, sub, emit, expiresMs });
  }

  const drop = () => {
    for (const socket of [...asking]) socket.lose();
    for (const channel of channels.values()) channel.drop();
  };
  const Socket = class extends TestSocket {
    constructor(url: string, protocols: readonly string[] = []) {
      super(url, protocols, peer);
    }
  } satisfies new (
    url: string,
    protocols: string[],
  ) => ClientSocket;

  const hub: TestHub = {
    url: URL_OF_TESTS,
    key: TEST_KEY,
    WebSocket: Socket,
    ports: {
      open: (url, protocols) => new Socket(url, protocols),
      after: clock.after,
      soon: clock.soon,
      random: () => 0.5,
    },
    get nowMs() {
      return clock.nowMs;
    },
    async fetch(input, init) {
      const request = new Request(typeof input === "string" ? new URL(input, URL_OF_TESTS) : input, init);
      if (!isUp) throw new TypeError("fetch failed: the test hub is stopped.");
      const reply = await answerInTest(request, { channel: channelNamed, authenticate: rightsIn });
      await clock.settle();
      return reply;
    },
    async emit(type, data, options = {}) {
      checkNames(options, ["channel", "source", "id"]);
      const { channel, source, id } = options;
      if (!isUp) throw new Error("The test hub is stopped: call `start`.");
      const draft = parseDraft({
        type,
        ...(data !== undefined && { data }),
        ...(source !== undefined && { source }),
        ...(id !== undefined && { id }),
      });
      if (!draft.ok) throw errorOf(draft.problem);
      const emitted = await channelNamed(channel).broker.emit([draft.value]);
      if (!emitted.ok) throw errorOf(emitted.problem);
      await clock.settle();
      const { cursor, events } = emitted.value;
      const [first] = events;
      return { cursor, id: first?.id ?? "", duplicate: first?.duplicate ?? false };
    },
    events: (channel) => Array.from(channelNamed(channel).texts(), (text): ReactorEvent => JSON.parse(text)),
    connections: (channel) => channelNamed(channel).connections,
    async advance(ms) {
      if (!(Number.isFinite(ms) && ms >= 0)) {
        throw new TypeError(`\`ms\` must be a number of milliseconds from 0 on; this is ${describeValue(ms)}.`);
      }
      await clock.advance(ms);
    },
    dropConnections: drop,
    stop() {
      isUp = false;
      drop();
      for (const channel of channels.values()) channel.restart();
    },
    start() {
      isUp = true;
    },
    restart() {
      hub.stop();
      hub.start();
    },
    loseLogs() {
      const had = [...channels.keys()];
      hub.stop();
      channels.clear();
      for (const name of had) channelNamed(name);
      hub.start();
    },
  };
  return hub;
}

function refuse(socket: TestSocket, dialect: "v1" | "legacy", problem: Problem): void {
  if (dialect === "legacy" || !isClosing(problem.code))
    socket.lose(); // an HTTP status, which no page can see
  else {
    socket.accept();
    closeFor(socket.hubEnd, dialect, problem.code, problem.detail);
  }
}

function errorOf({ code, detail, pointer }: Problem): Error {
  return Object.assign(new Error(pointer ? `${detail} It is at "${pointer}" in the event.` : detail), { code });
}
