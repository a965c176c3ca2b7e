// The button that measures the round-trip time to the hub.
import { useState } from "react";
import type { Reactor } from "../../client/index.ts";

export function Ping({ reactor }: { reactor: Reactor }) {
  const [message, setMessage] = useState("");

  async function ping() {
    const ms = await reactor.ping();
    setMessage(ms === null ? "No answer: not connected." : `${ms.toFixed(1)} ms round trip`);
  }

  return (
    <div className="control">
      <button type="button" data-reactor="ping" aria-keyshortcuts="g" onClick={() => void ping()}>
        Ping
      </button>
      <span role="status" data-reactor="round-trip">
        {message}
      </span>
    </div>
  );
}
