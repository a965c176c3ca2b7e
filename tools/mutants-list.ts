// Breaks of the code, one at a time, and the tests that must notice: what `npm run mutants` tries. A text that is not in
// its file exactly once is an error, so that this list says what is; `test/tools/mutants.test.ts` looks at that first.

export interface Mutant {
  readonly name: string;
  /** Of SPEC.md: of the tests that fail with the mutant, one at least MUST carry it, so that it is not caught by accident. */
  readonly rule: string;
  /** What is wrong with the code then, as somebody would see it. */
  readonly breaks: string;
  readonly file: string;
  /** In `file` exactly once. */
  readonly text: string;
  readonly replacement: string;
  /** Test files that pass without the mutant, and must not with it. */
  readonly tests: readonly [string, ...string[]];
}

export const MUTANTS: readonly Mutant[] = [
  // Durable before seen
  {
    name: "skip-append",
    rule: "L2",
    breaks: "an emit is acknowledged and shown, and not in the log",
    file: "src/core/broker.ts",
    text: "this.#log.append(events, epoch, at.ms);",
    replacement: "",
    tests: ["test/core/broker.test.ts"],
  },
  {
    name: "send-before-append",
    rule: "L1",
    breaks: "readers see events whose append then fails",
    file: "src/core/broker.ts",
    text: "this.#log.append(events, epoch, at.ms);",
    replacement:
      "for (const event of events) this.readers.broadcast.ephemeral(event); this.#log.append(events, epoch, at.ms);",
    tests: ["test/core/broker.test.ts"],
  },
  {
    name: "append-by-halves",
    rule: "L3",
    breaks: "a batch that fails in its middle leaves its first events behind",
    file: "src/hub/sqlite-log.ts",
    text: "this.#storage.transactionSync(insert)",
    replacement: "insert()",
    tests: ["test/hub/sqlite-log.test.ts"],
  },

  // Sleep
  {
    name: "forget-cursor-on-wake",
    rule: "L4",
    breaks: "a hub that wakes counts from the beginning",
    file: "src/hub/sqlite-log.ts",
    text: "seq: newest?.seq ?? log.counted_to",
    replacement: "seq: 0",
    tests: ["test/hub/hub.test.ts"],
  },
  {
    name: "forget-place-on-wake",
    rule: "C3",
    breaks: "a reader that catches up skips what it has not been sent when the hub wakes",
    file: "src/core/readers.ts",
    text: "Math.max(reader.told, toldTo) : reader.told",
    replacement: "Math.max(reader.told, toldTo) : this.#tail.cursor.seq",
    tests: [
      "test/core/readers.test.ts",
      "test/core/broadcast.test.ts",
      "test/core/care.test.ts",
      "test/core/replay.property.test.ts",
    ],
  },
  {
    name: "lose-alarm",
    rule: "A2",
    breaks: "after one alarm there is never another: no heartbeat, no ghosts, no retention",
    file: "src/core/maintenance.ts",
    text: "if (atMs !== null) this.#ports.keepAwake(",
    replacement: "if (atMs !== null && this.#log.tally.wakes < 0) this.#ports.keepAwake(",
    tests: ["test/hub/alarm.test.ts"],
  },

  // Frames state what they cover
  {
    name: "after-is-head",
    rule: "F4",
    breaks: "frames claim to begin at the head",
    file: "src/core/delivery.ts",
    text: "encodeEvents(told, to, events)",
    replacement: "encodeEvents(to.seq, to, events)",
    tests: ["test/core/fan-out.test.ts"],
  },
  {
    name: "after-is-the-event-before",
    rule: "F4",
    breaks:
      "frames claim to begin at their first event, so that a gap is seen where nothing is missing, and none where something is",
    file: "src/core/delivery.ts",
    text: "encodeEvents(told, to, events)",
    replacement: "encodeEvents((heard[0]?.seq ?? 1) - 1, to, events)",
    tests: ["test/core/fan-out.test.ts"],
  },
  {
    name: "tell-no-progress",
    rule: "F8",
    breaks: "a reader that hears nothing falls behind retention",
    file: "src/core/fan-out.ts",
    text: "servedTo - group.told >= RUN_EVENTS",
    replacement: "servedTo < group.told",
    tests: ["test/core/fan-out.test.ts"],
  },
  {
    name: "cover-what-waits",
    breaks: "a reader changes its subscription and never gets what waited for the next flush",
    rule: "F9",
    file: "src/core/readers.ts",
    text: "this.broadcast.bringToHead(socket, allowed);",
    replacement: "",
    tests: [
      "test/core/readers.test.ts",
      "test/core/broadcast.test.ts",
      "test/core/care.test.ts",
      "test/core/replay.property.test.ts",
    ],
  },
  {
    name: "flush-all-in-one-turn",
    breaks: "one turn copies as many bytes as there are sockets and frames",
    rule: "F2",
    file: "src/core/fan-out.ts",
    text: "let room = MAX_FLUSH_BYTES;",
    replacement: "let room = Number.POSITIVE_INFINITY;",
    tests: ["test/core/fan-out.test.ts"],
  },
  {
    name: "take-doubled",
    rule: "R2",
    breaks: "what comes twice is handed on twice",
    file: "src/wire/range.ts",
    text: "event.seq > own.seq",
    replacement: "event.seq > 0",
    tests: ["test/wire/range.test.ts"],
  },
  {
    name: "overlook-gap",
    rule: "R1",
    breaks: "a frame that begins beyond the receiver's place is taken all the same",
    file: "src/wire/range.ts",
    text: "if (frame.after > own.seq) return { gap: true };",
    replacement: "",
    tests: ["test/wire/range.test.ts"],
  },

  // Coming back
  {
    name: "adopt-head-on-recovered",
    rule: "R2",
    breaks: "a client that is recovered takes the welcome's cursor and skips what follows",
    file: "src/client/reading.ts",
    text: "if (welcome.recovered !== true) this.place = cursor;",
    replacement: "this.place = cursor;",
    tests: ["test/client/reading.test.ts"],
  },
  {
    name: "welcome-at-head",
    rule: "C3",
    breaks: "the hub names the head in the welcome of a reader that is to be replayed to",
    file: "src/core/conversation.ts",
    text: "formatCursor(reset === null && cursor !== null ? cursor : from)",
    replacement: "formatCursor(this.#log.cursor)",
    tests: [
      "test/core/readers.test.ts",
      "test/core/broadcast.test.ts",
      "test/core/care.test.ts",
      "test/core/conversation.test.ts",
    ],
  },
  {
    name: "come-back-without-place",
    rule: "K6",
    breaks: "a client comes back at the head, and misses what was emitted meanwhile",
    file: "src/client/connection.ts",
    text: "place && formatCursor(place)",
    replacement: "undefined",
    tests: ["test/client/reading.test.ts"],
  },
  {
    name: "take-any-epoch",
    rule: "C4",
    breaks: "a place in another history is taken for one in this",
    file: "src/core/resume.ts",
    text: "asked.epoch !== epoch",
    replacement: "asked.epoch === undefined",
    tests: ["test/core/resume.test.ts"],
  },
  {
    name: "say-nothing-of-trimmed",
    rule: "C4",
    breaks: "events that are gone are passed over in silence",
    file: "src/core/resume.ts",
    text: "asked.seq < beforeOldest",
    replacement: "asked.seq < 0",
    tests: ["test/core/resume.test.ts"],
  },
  {
    name: "return-together",
    rule: "K4",
    breaks: "all whom a deploy cut off come back in the same moment",
    file: "src/client/backoff.ts",
    text: "* random)",
    replacement: "* 1)",
    tests: ["test/client/backoff.test.ts", "test/client/comeback.test.ts"],
  },

  // Catching up, and slow readers
  {
    name: "ignore-more",
    rule: "K7",
    breaks: "a client never asks for the next page",
    file: "src/client/reading.ts",
    text: "if (frame.more || ",
    replacement: "if (",
    tests: ["test/client/reading.test.ts"],
  },
  {
    name: "demote-without-mark",
    rule: "P7",
    breaks: "a slow reader is not told to ask, and hears nothing more",
    file: "src/core/readers.ts",
    text: "encodeEvents(after, { epoch, seq: place }, [], true)",
    replacement: "encodeEvents(after, { epoch, seq: place }, [])",
    tests: ["test/core/readers.test.ts", "test/core/broadcast.test.ts", "test/core/care.test.ts"],
  },
  {
    name: "never-demote",
    rule: "P7",
    breaks: "whatever a slow reader does not take piles up in the hub",
    file: "src/core/waiting.ts",
    text: "if (this.on(socket) <= cap) return false;",
    replacement: "if (this.on(socket) >= 0) return false;",
    tests: ["test/core/readers.test.ts", "test/core/broadcast.test.ts", "test/core/care.test.ts"],
  },
  {
    name: "judge-by-this-turn",
    breaks: "a reader is too slow for what it was sent a moment ago",
    rule: "P5",
    file: "src/core/waiting.ts",
    text: " - (this.#sentNow.get(socket) ?? 0) > cap",
    replacement: " > cap",
    tests: [
      "test/core/fan-out.test.ts",
      "test/core/readers.test.ts",
      "test/core/broadcast.test.ts",
      "test/core/care.test.ts",
    ],
  },
  {
    name: "window-without-end",
    rule: "P3",
    breaks: "the whole log goes to a reader at once",
    file: "src/core/catch-up.ts",
    text: "room -= weight;",
    replacement: "",
    tests: ["test/core/catch-up.test.ts"],
  },
  {
    name: "believe-any-ack",
    rule: "P4",
    breaks: "a reader may acknowledge what it was never sent",
    file: "src/core/readers.ts",
    text: "else if (seq > told) ",
    replacement: "else if (seq < 0) ",
    tests: ["test/core/readers.test.ts", "test/core/broadcast.test.ts", "test/core/care.test.ts"],
  },
  {
    name: "subscribe-at-head",
    rule: "F9",
    breaks: "a reader that catches up and changes its subscription skips to the head",
    file: "src/core/conversation.ts",
    text: "formatCursor({ epoch: this.#log.cursor.epoch, seq: reader.told })",
    replacement: "formatCursor(this.#log.cursor)",
    tests: ["test/core/readers.test.ts", "test/core/broadcast.test.ts", "test/core/care.test.ts"],
  },

  // Retries
  {
    name: "append-duplicate",
    rule: "I5",
    breaks: "a retry is counted and shown as another event",
    file: "src/core/duplicates.ts",
    text: "if (known) continue;",
    replacement: "",
    tests: ["test/core/duplicates.test.ts", "test/core/broker.test.ts"],
  },
  {
    name: "overlook-conflict",
    rule: "I2",
    breaks: "another event under a known id is acknowledged, and dropped",
    file: "src/core/duplicates.ts",
    text: "!known.is(substance)",
    replacement: "known.seq < 0",
    tests: ["test/core/duplicates.test.ts"],
  },
  {
    name: "forget-ids-with-events",
    rule: "I4",
    breaks: "a retry of an event that was let go a moment ago is another event",
    file: "src/hub/sqlite-log.ts",
    text: "remember(sql, this.oldest + count, nowMs)",
    replacement: "0",
    tests: ["test/hub/sqlite-log.test.ts", "test/hub/idempotence.test.ts"],
  },

  // Life and death
  {
    name: "ping-only-in-silence",
    rule: "K1",
    breaks: "a client that keeps receiving never pings, and is reaped",
    file: "src/client/pulse.ts",
    text: 'this.#timers.stop("pong");',
    replacement: 'this.#timers.stop("pong"); if (this.#timers.isWaiting("ping")) this.beat(25_000);',
    tests: ["test/simulation/long-lives.test.ts", "test/client/pulse.test.ts"],
  },
  {
    name: "reap-by-silence-received",
    rule: "A4",
    breaks: "what a socket is sent counts as its life, so that the gone stay as long as there is news",
    file: "src/core/ghost.ts",
    text: "nowMs - Math.max(lastSignMs, pingMs) > SILENT_MS",
    replacement: "nowMs - Math.max(lastSignMs, pingMs, owes ? 0 : nowMs) > SILENT_MS",
    tests: [
      "test/core/ghost.test.ts",
      "test/core/readers.test.ts",
      "test/core/broadcast.test.ts",
      "test/core/care.test.ts",
    ],
  },
  {
    name: "reap-who-pings",
    rule: "A4",
    breaks: "whoever does nothing but ping is taken for gone",
    file: "src/core/ghost.ts",
    text: "Math.max(lastSignMs, pingMs)",
    replacement: "lastSignMs",
    tests: ["test/core/ghost.test.ts"],
  },
  {
    name: "keep-who-closed",
    rule: "S6",
    breaks: "a socket that has closed is counted, and sent to, for ever",
    file: "src/hub/hub.ts",
    text: "this.#broker.readers.leave(socket);\n    closeQuietly(socket, code, reason);",
    replacement: "closeQuietly(socket, code, reason);",
    tests: ["test/hub/hub.test.ts"],
  },
  {
    name: "keep-who-broke",
    rule: "S6",
    breaks: "a socket that broke is counted, and sent to, for ever",
    file: "src/hub/hub.ts",
    text: "override webSocketError(socket: WebSocket): void {\n    this.#arrivals.settle();\n    this.#drop(socket);",
    replacement:
      'override webSocketError(socket: WebSocket): void {\n    this.#arrivals.settle();\n    closeQuietly(socket, 1011, "");',
    tests: ["test/hub/hub.test.ts"],
  },

  // Keeping, and who may
  {
    name: "trim-one-too-many",
    rule: "L7",
    breaks: "a log keeps one event less than it should",
    file: "src/core/retention.ts",
    text: "events <= maxEvents &&",
    replacement: "events < maxEvents &&",
    tests: ["test/core/retention.test.ts", "test/hub/sqlite-log.test.ts"],
  },
  {
    name: "take-any-key",
    rule: "H2",
    breaks: "any bearer may emit",
    file: "src/auth/keys.ts",
    text: "crypto.subtle.timingSafeEqual(",
    replacement: "((..._: unknown[]) => true)(",
    tests: ["test/auth/keys.test.ts"],
  },
];
