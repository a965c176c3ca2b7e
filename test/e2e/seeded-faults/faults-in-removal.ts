// Faults in removal and revocation: X1 to X6, V1 to V6.
import type { Fault, Presentation } from "../faulty-hub.ts";
import { changesPage } from "./altered-answers.ts";
import { KEY } from "./altered-credentials.ts";
import { changed, onSocket } from "./altered-messages.ts";
import type { SeededFault } from "./seeded-fault.ts";

const isRemoval = ({ method }: Presentation) => method === "DELETE";
const isRevocation = ({ path }: Presentation) => path === "/api/revocations";

/** Answers removals otherwise. */
const answersRemovals = (change: NonNullable<Fault["answer"]>): Fault => ({
  answer: (answer, presentation) => (isRemoval(presentation) ? change(answer, presentation) : {}),
});

/** Changes what a revocation says. */
// biome-ignore lint/suspicious/noExplicitAny: JSON, as it came
const revokes = (change: (revocation: any) => object): Fault => ({
  body: (text, presentation) => (isRevocation(presentation) ? JSON.stringify(change(JSON.parse(text))) : text),
});

export const FAULTS_IN_REMOVAL: readonly SeededFault[] = [
  {
    rule: "X1",
    hub: "numbers pages otherwise after a removal",
    reason: /the seqs of a page/,
    // biome-ignore lint/suspicious/noExplicitAny: JSON, as it came
    fault: changesPage(({ events }) => ({ events: events.map((event: any, n: number) => ({ ...event, seq: n + 1 })) })),
  },
  {
    rule: "X1",
    hub: "resets a replay over an event that was taken out",
    reason: /recovered of a replay/,
    fault: onSocket(() => ({
      down: changed((frame) => {
        if (frame.type !== "reactor_connected" || frame.data.recovered === null) return [frame];
        return [{ ...frame, data: { ...frame.data, recovered: false } }];
      }),
    })),
  },
  {
    rule: "X2",
    hub: "does not tell that a retry is one",
    reason: /the receipt of a retry/,
    fault: { reply: (text) => text.replaceAll('"duplicate":true', '"duplicate":false') },
  },
  {
    rule: "X3",
    hub: "tells no client of a removal",
    reason: /the frame to a client of v1/,
    fault: onSocket((_, __, { dialect }) => ({
      down: changed((frame) => (frame.type === "reactor_removed" && dialect !== "legacy" ? [] : [frame])),
    })),
  },
  {
    rule: "X3",
    hub: "tells of a removal twice",
    reason: /the frame after it/,
    fault: onSocket(() => ({
      down: changed((frame) => (frame.type === "reactor_removed" ? [frame, frame] : [frame])),
    })),
  },
  {
    rule: "X3",
    hub: "moves a position by a removal",
    reason: /the frame after it/,
    fault: onSocket(() => {
      let isNext = false;
      return {
        down: changed((frame) => {
          const isMoved = isNext && frame.events?.length > 0;
          isNext = frame.type === "reactor_removed";
          return [isMoved ? { ...frame, after: frame.after - 1 } : frame];
        }),
      };
    }),
  },
  {
    rule: "X4",
    hub: "also takes out the event at the cursor",
    reason: /the answer/,
    fault: {
      query(query, presentation) {
        const [epoch, seq] = query.get("before")?.split(".") ?? [];
        if (isRemoval(presentation)) query.set("before", `${epoch}.${Number(seq) + 1}`);
      },
    },
  },
  {
    rule: "X4",
    hub: "says nothing of what was taken out before a cursor",
    reason: /a page after a cursor before them/,
    fault: changesPage(() => ({ reset: undefined })),
  },
  {
    rule: "X5",
    hub: "answers 200 for events that the log never had",
    reason: /DELETE .*expected a refusal/,
    fault: answersRemovals(({ status }) => (status === 404 ? { status: 200, text: '{"removed":0}' } : {})),
  },
  {
    rule: "X5",
    hub: "takes events out for everybody",
    reason: /with no key/,
    fault: { credential: (presented, presentation) => (isRemoval(presentation) ? KEY : presented) },
  },
  {
    rule: "X6",
    hub: "answers 304 for a page from which an event was taken out",
    reason: /the status after a removal/,
    fault: { answer: (_, { headers }) => (headers["if-none-match"] ? { status: 304, text: "" } : {}) },
  },
  {
    rule: "V1",
    hub: "revokes all tokens of a sub, whenever they were issued",
    reason: /the answer/,
    fault: revokes(({ before, ...revocation }) =>
      before === undefined ? revocation : { ...revocation, before: "2099-01-01T00:00:00Z" },
    ),
  },
  {
    rule: "V1",
    hub: "revokes nothing by a jti",
    reason: /for a jti that was revoked/,
    fault: revokes(({ jti, ...revocation }) => (jti === undefined ? revocation : { jti: `not ${jti}` })),
  },
  {
    rule: "V2",
    hub: "leaves sockets of revoked tokens open",
    reason: /nothing|close|time/i,
    fault: onSocket(() => ({
      down: (text) => (text.includes('"unauthorized"') ? [] : [text]),
      close: (code) => ({ code: code === 4401 ? 4408 : code }),
    })),
  },
  {
    rule: "V3",
    hub: "reads for revoked tokens",
    reason: /\/api\/events/,
    fault: {
      answer: ({ status }, { method, path }) =>
        status === 401 && method === "GET" && path === "/api/events" ? { status: 200, text: '{"events":[]}' } : {},
    },
  },
  {
    rule: "V3",
    hub: "takes events of revoked tokens",
    reason: /an emit/,
    fault: {
      answer: ({ status }, { method, path }) =>
        status === 401 && method === "POST" && path === "/api/events" ? { status: 200, text: "{}" } : {},
    },
  },
  {
    rule: "V4",
    hub: "refuses to repeat a revocation",
    reason: /the status of a revocation/,
    fault: (() => {
      let seen = 0;
      return {
        answer: (_, presentation) => (isRevocation(presentation) && seen++ > 0 ? { status: 409 } : {}),
      } as Fault;
    })(),
  },
  {
    rule: "V6",
    hub: "takes a revocation with a member that it does not know",
    reason: /since/,
    fault: revokes(({ since: _, ...revocation }) => revocation),
  },
  {
    rule: "V6",
    hub: "revokes for everybody",
    reason: /with no key/,
    fault: { credential: (presented, presentation) => (isRevocation(presentation) ? KEY : presented) },
  },
];
