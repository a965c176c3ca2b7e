// Sends an event with the connection's credential, or with a key that is asked for where that is not enough.
import { useState } from "react";
import type { Answer } from "../visit/ask-hub.ts";
import type { Emission } from "../visit/emit-event.ts";
import { useVisit } from "../visit/visit-context.ts";

export interface Sending {
  /** `asking`: for the key. */
  readonly step: "ready" | "asking" | "sending";
  /** To the newest event; `null`: none yet. */
  readonly answer: Answer | null;
  send(emission: Emission): void;
  /** Sends the event that waits for a key. */
  resend(key: string): void;
}

export function useSending(): Sending {
  const visit = useVisit();
  const [{ step, answer, emission }, setState] = useState<{
    step: Sending["step"];
    answer: Answer | null;
    emission: Emission | null;
  }>({ step: "ready", answer: null, emission: null });

  async function sendWith(next: Emission, key: string | null) {
    if (key === null) return setState({ step: "asking", answer: null, emission: next });
    setState({ step: "sending", answer, emission: next });
    const reply = await visit.emit(next, key);
    const step = !reply.ok && reply.isKeyRefused ? "asking" : "ready";
    setState({ step, answer: reply, emission: next });
  }

  return {
    step,
    answer,
    send: (next) => void sendWith(next, visit.operatorKey),
    resend: (key) => void (emission && sendWith(emission, key)),
  };
}
