// The button that sends a test event, with the connection's credential, or with another key where that is not enough. The
// key is kept in this page's memory only.
import { type FormEvent, useState } from "react";
import { sendTestEvent } from "./send-event.ts";

/** `asking`: for the key. */
type Step = "ready" | "asking" | "sending";

export interface TestEventProps {
  /** `null`: the default one. */
  readonly channel: string | null;
  /** The connection's key or token; `null`: none. */
  readonly credential: string | null;
}

export function TestEvent({ channel, credential }: TestEventProps) {
  const [ownKey, setOwnKey] = useState("");
  const [step, setStep] = useState<Step>("ready");
  const [message, setMessage] = useState("");

  async function send(withKey: string) {
    setStep("sending");
    const sent = await sendTestEvent(withKey, channel);
    const isKept = (sent.ok || !sent.isKeyRefused) && withKey !== credential;
    setOwnKey(isKept ? withKey : "");
    setMessage(sent.ok ? `Sent: ${sent.body.cursor}.` : sent.detail);
    setStep(!sent.ok && sent.isKeyRefused ? "asking" : "ready");
  }

  function submit(form: FormEvent<HTMLFormElement>) {
    form.preventDefault();
    const given = new FormData(form.currentTarget).get("key");
    const key = typeof given === "string" ? given.trim() : "";
    if (key !== "") void send(key);
  }

  function start() {
    const known = ownKey || credential;
    if (known) void send(known);
    else setStep("asking");
  }

  return (
    <div className="control">
      <button type="button" data-reactor="send-test" disabled={step === "sending"} onClick={start}>
        Send a test event
      </button>
      {step === "asking" && (
        <form onSubmit={submit}>
          <label>
            Key or token <input type="password" name="key" autoComplete="off" required />
          </label>
          <button type="submit">Send</button>
        </form>
      )}
      <span role="status" data-reactor="test-result">
        {message}
      </span>
    </div>
  );
}
