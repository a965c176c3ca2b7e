// Emits an open event as a new one. A key is asked for only if the hub wants another one than the page has.
import { useState } from "react";
import type { Answer } from "../../visit/ask-hub.ts";
import { KeyForm } from "../../visit/key-form.tsx";
import { useVisit } from "../../visit/visit-context.ts";
import { useWords } from "../../words/language.ts";
import { FEED_WORDS } from "../feed-words.ts";
import type { EventRow } from "../rows/feed-row.ts";
import { draftOf } from "./event-copies.ts";

type Step = "ready" | "sending" | "asking";

/** Give it a `key`: it remembers what was answered. */
export function EmitAgain({ row }: { row: EventRow }) {
  const visit = useVisit();
  const words = useWords(FEED_WORDS);
  const [step, setStep] = useState<Step>("ready");
  const [answer, setAnswer] = useState<Answer | null>(null);

  async function emit(key?: string) {
    if (key === undefined && visit.operatorKey === null) return setStep("asking");
    setStep("sending");
    const next = await visit.emit(draftOf(row), key);
    setAnswer(next);
    setStep(!next.ok && next.isKeyRefused ? "asking" : "ready");
  }

  return (
    <>
      <button type="button" data-reactor="emit-again" disabled={step === "sending"} onClick={() => void emit()}>
        {words.emitAgain}
      </button>
      {step === "asking" && <KeyForm button={words.emit} show={(key) => void emit(key)} />}
      <span role="status" className={answer && !answer.ok ? "error" : "soft"} data-reactor="emit-again-result">
        {answer && (answer.ok ? words.emitted(String(answer.body.cursor)) : answer.detail)}
      </span>
    </>
  );
}
