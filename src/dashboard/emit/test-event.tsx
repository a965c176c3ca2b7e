// The button that sends a test event.
import { useWords } from "../words/language.ts";
import { EMIT_WORDS } from "./emit-words.ts";
import { Outcome } from "./outcome.tsx";
import { useSending } from "./use-sending.ts";

export function TestEvent() {
  const words = useWords(EMIT_WORDS);
  const sending = useSending();
  const event = { type: "test_event", source: "live", data: { message: words.testMessage } };
  return (
    <div className="control">
      <button
        type="button"
        data-reactor="send-test"
        aria-keyshortcuts="t"
        disabled={sending.step === "sending"}
        onClick={() => sending.send(event)}
      >
        {words.test}
      </button>
      <Outcome sending={sending} name="test-result" />
    </div>
  );
}
