// The status of one channel: one word, and where something is wrong one sentence on what to do.
import { useSnapshot } from "../../react/snapshot.ts";
import { useVisit } from "../visit/visit-context.ts";
import { useFormats } from "../words/formats.ts";
import { useWords } from "../words/language.ts";
import { useNow } from "../words/now.ts";
import { GLANCE_WORDS } from "./glance-words.ts";
import { useStatus } from "./use-glance.ts";

/** For the bar at the top of the page. */
export function StatusMark() {
  const words = useWords(GLANCE_WORDS);
  const { state } = useSnapshot(useVisit().entry);
  const status = useStatus();
  return (
    <p
      className={`status ${status}`}
      role="status"
      data-reactor="connection-status"
      data-state={state}
      data-status={status}
    >
      {words.status[status]}
    </p>
  );
}

/** Below the bar, and empty while all is well. */
export function StatusAdvice() {
  const words = useWords(GLANCE_WORDS);
  const formats = useFormats();
  const visit = useVisit();
  const { state, ask, ended, lostMs, refusal } = useSnapshot(visit.entry);
  const status = useStatus();
  if (status === "reconnecting") {
    return (
      <div className="advice wrong" data-reactor="advice">
        <p>
          <Countdown /> {lostMs !== null && words.since(formats.time(new Date(lostMs).toISOString()))}
        </p>
        <button type="button" data-reactor="retry" disabled={state !== "reconnecting"} onClick={() => visit.retry()}>
          {words.retryNow}
        </button>
      </div>
    );
  }
  if (status === "ended") {
    return (
      <div className="advice wrong" role="alert" data-reactor="advice">
        <p>{words.ended(ended?.detail ?? "")}</p>
        <button type="button" data-reactor="retry" onClick={() => visit.retry()}>
          {words.connectAgain}
        </button>
      </div>
    );
  }
  const detail = status === "foreign" ? (ended?.detail ?? "") : "";
  const isQuiet = status === "live" || status === "connecting" || ask;
  const text = isQuiet ? refusal : `${words.advice[status]} ${detail}`;
  if (!text) return null;
  return (
    <div className={`advice ${status === "disabled" ? "warned" : "wrong"}`} role="alert" data-reactor="advice">
      <p>{text}</p>
    </div>
  );
}

/** Not announced: it changes each second. The status is. */
function Countdown() {
  const words = useWords(GLANCE_WORDS);
  const { retryAtMs } = useSnapshot(useVisit().entry);
  const nowMs = useNow();
  const seconds = retryAtMs === null ? null : Math.max(0, Math.ceil((retryAtMs - nowMs) / 1_000));
  return <span data-reactor="countdown">{words.retrying(seconds || null)}</span>;
}
