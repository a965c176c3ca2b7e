// Notifications of the events that a pattern names, while the page is in the background. The browser may refuse; the page says so.
import { useEffect, useId, useState } from "react";
import type { ReactorEvent } from "../../client/index.ts";
import { parseAsked } from "../../wire/pattern.ts";
import { matchesType } from "../../wire/type-match.ts";
import { useVisit } from "../visit/visit-context.ts";
import { dataText } from "../words/data-text.ts";
import { useWords } from "../words/language.ts";
import { EMIT_WORDS } from "./emit-words.ts";

export type NotificationMode = "off" | "on" | "refused" | "missing";

export function Notifications() {
  const words = useWords(EMIT_WORDS);
  const visit = useVisit();
  const id = useId();
  const [mode, setMode] = useState<NotificationMode>("off");
  const [text, setText] = useState("*");
  const asked = parseAsked(listed(text));

  useEffect(() => {
    const patterns = parseAsked(listed(text));
    if (mode !== "on" || !patterns.ok) return undefined;
    return visit.listen({
      event(event, wasKept) {
        if (!document.hidden || wasKept || !isNamed(patterns.value, event.type)) return;
        if (!notify(event)) setMode("refused");
      },
    });
  }, [mode, text, visit]);

  return (
    <div className="control notifications">
      <button
        type="button"
        data-reactor="notifications"
        aria-keyshortcuts="n"
        aria-pressed={mode === "on"}
        onClick={() => void (mode === "on" ? setMode("off") : ask().then(setMode))}
      >
        {words.notify}
      </button>
      <input
        {...{
          value: text,
          placeholder: "order_*",
          size: 12,
          autoComplete: "off",
          autoCapitalize: "off",
          spellCheck: false,
        }}
        aria-label={words.pattern}
        aria-invalid={!asked.ok}
        aria-describedby={id}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <span id={id} role="status" className={asked.ok ? "soft" : "error"} data-reactor="notifications-status">
        {asked.ok ? words.modes[mode] : asked.problem.detail}
      </span>
    </div>
  );
}

function listed(text: string): string[] {
  const patterns = text.split(",").map((pattern) => pattern.trim());
  return patterns.filter((pattern) => pattern !== "");
}

/** @param patterns `null`: everything that a visit hears, which is not what the hub says of itself: its heartbeats tell of nothing */
function isNamed(patterns: readonly string[] | null, type: string): boolean {
  return patterns === null || patterns.some((pattern) => matchesType(pattern, type));
}

async function ask(): Promise<NotificationMode> {
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
