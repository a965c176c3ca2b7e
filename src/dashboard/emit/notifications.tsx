// The switch for notifications while the page is in the background. The browser may refuse; the page says so.
import { useEffect, useState } from "react";
import type { Reactor, ReactorEvent } from "../../client/index.ts";
import { dataText } from "../words/data-text.ts";

type Mode = "off" | "on" | "refused" | "missing";

const WORDS: Record<Mode, string> = {
  off: "",
  on: "While this page is in the background, the newest event is shown.",
  refused: "Your browser does not allow notifications from this page.",
  missing: "Your browser does not support notifications here.",
};

export function Notifications({ reactor }: { reactor: Reactor }) {
  const [mode, setMode] = useState<Mode>("off");

  useEffect(() => {
    if (mode !== "on") return undefined;
    return reactor.on("*", (event) => {
      if (document.hidden && event.type !== "reactor_heartbeat" && !notify(event)) setMode("refused");
    });
  }, [mode, reactor]);

  return (
    <div className="control">
      <button
        type="button"
        data-reactor="notifications"
        aria-pressed={mode === "on"}
        onClick={() => void (mode === "on" ? setMode("off") : ask().then(setMode))}
      >
        {mode === "on" ? "Notifications: on" : "Notifications: off"}
      </button>
      <span role="status" data-reactor="notifications-status">
        {WORDS[mode]}
      </span>
    </div>
  );
}

async function ask(): Promise<Mode> {
  if (typeof Notification === "undefined") return "missing";
  return (await Notification.requestPermission()) === "granted" ? "on" : "refused";
}

/** Replaces the previous one. @returns whether the browser allowed it: some allow it only to service workers */
function notify(event: ReactorEvent): boolean {
  try {
    const notification = new Notification(event.type, { tag: "reactor", body: dataText(event.data).slice(0, 200) });
    notification.onclick = () => window.focus();
    return true;
  } catch {
    return false;
  }
}
