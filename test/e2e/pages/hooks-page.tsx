// A React page under StrictMode whose components use the hooks for events. What they hear is in `window.heard`.
import { Activity, StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import {
  ReactorProvider,
  useReactor,
  useReactorEvent,
  useReactorEvents,
  useReactorLatest,
  useReactorState,
} from "../../../src/react/index.ts";

const heard: unknown[] = [];
const counts = { renders: 0, frames: 0 };
Object.assign(window, { heard, counts });

function countFrames() {
  counts.frames++;
  requestAnimationFrame(countFrames);
}
requestAnimationFrame(countFrames);

/** Its listener is another function in each render, and closes over its state. */
function Listener() {
  const [round, setRound] = useState(1);
  useReactorEvent("news_*", ({ data }) => heard.push(`${round}: ${data}`));
  return (
    <button type="button" id="round" onClick={() => setRound(round + 1)}>
      {round}
    </button>
  );
}

function List({ pattern, keep }: { readonly pattern: string; readonly keep: number }) {
  const events = useReactorEvents(pattern, { keep });
  return <p id="list">{events.map(({ type, data }) => `${type} ${data}`).join(", ")}</p>;
}

/** Renders for each change, and does nothing else: what renders cost is not asked here. */
function Flood() {
  const { length } = useReactorEvents("flood", { keep: 1_000_000 });
  const latest = useReactorLatest("flood");
  useEffect(() => {
    counts.renders++;
  });
  return <p id="flood">{`${length} ${latest?.data}`}</p>;
}

function Page() {
  const [isShown, show] = useState(true);
  const [pattern, setPattern] = useState("chat_*");
  const { reset } = useReactor();
  return (
    <>
      <p id="state">{useReactorState()}</p>
      <p id="reset">{reset?.reason}</p>
      <Activity mode={isShown ? "visible" : "hidden"}>
        <Listener />
      </Activity>
      <List pattern={pattern} keep={3} />
      <Flood />
      <button type="button" id="toggle" onClick={() => show(!isShown)}>
        Hide or show
      </button>
      <button type="button" id="pattern" onClick={() => setPattern("*")}>
        Other pattern
      </button>
    </>
  );
}

const root = document.createElement("div");
document.body.append(root);
createRoot(root).render(
  <StrictMode>
    <ReactorProvider>
      <Page />
    </ReactorProvider>
  </StrictMode>,
);
