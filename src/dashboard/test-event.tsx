// The button that sends a test event. The operator's key stays in this page's memory, and goes with it.
import { type FormEvent, useState } from "react";
import { sendTestEvent } from "./send-event.ts";

/** `asking`: for the key. */
type Step = "ready" | "asking" | "sending";

export function TestEvent({ channel }: { channel: string | null }) {
  const [key, setKey] = useState("");
  const [step, setStep] = useState<Step>("ready");
  const [said, say] = useState("");

  async function send(withKey: string) {
    setStep("sending");
    const sent = await sendTestEvent(withKey, channel);
    setKey(sent.ok || !sent.isKeyRefused ? withKey : "");
    say(sent.ok ? `Sent: it is ${sent.cursor}.` : sent.detail);
    setStep(!sent.ok && sent.isKeyRefused ? "asking" : "ready");
  }

  function submit(form: FormEvent<HTMLFormElement>) {
    form.preventDefault();
    const given = new FormData(form.currentTarget).get("key");
    if (typeof given === "string" && given !== "") void send(given);
  }

  return (
    <div className="control">
      <button
        type="button"
        data-reactor="send-test"
        disabled={step === "sending"}
        onClick={() => (key === "" ? setStep("asking") : void send(key))}
      >
        Send a test event
      </button>
      {step === "asking" && (
        <form onSubmit={submit}>
          <label>
            API key <input type="password" name="key" autoComplete="off" required />
          </label>
          <button type="submit">Send</button>
        </form>
      )}
      <span role="status" data-reactor="test-result">
        {said}
      </span>
    </div>
  );
}
