// The round trip to the hub: measured when it is asked for its figures, and by the button.
import { useState } from "react";
import { useSnapshot } from "../../react/snapshot.ts";
import { useVisit } from "../visit/visit-context.ts";
import { useFormats } from "../words/formats.ts";
import { useWords } from "../words/language.ts";
import { GLANCE_WORDS } from "./glance-words.ts";
import { useGlance, useStats } from "./use-glance.ts";

export function RoundTrip() {
  const words = useWords(GLANCE_WORDS);
  const { ms } = useFormats();
  const stats = useStats();
  const { roundTripMs } = useGlance();
  const [isAsked, setIsAsked] = useState(false);
  const { wasIn } = useSnapshot(useVisit().entry);
  if (!wasIn) return null;
  const text = roundTripMs === null ? (isAsked ? words.noAnswer : "") : ms(roundTripMs);
  return (
    <div className="round-trip">
      <span data-reactor="round-trip" title={words.roundTrip}>
        {text}
      </span>
      <button
        type="button"
        className="small"
        data-reactor="ping"
        title={words.pingTitle}
        onClick={() => void stats.ping().then(() => setIsAsked(true))}
      >
        {words.ping}
      </button>
    </div>
  );
}
