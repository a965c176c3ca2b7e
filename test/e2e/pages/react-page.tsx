// A React page under StrictMode: two components share the provider's connection, and buttons change its props.
import { Component, type ReactNode, StrictMode, useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import { ReactorProvider, type ReactorProviderProps, useReactor } from "../../../src/react/index.ts";

function Status() {
  const { connected, error, getStatus } = useReactor();
  return (
    <p id="status" data-connected={connected} data-error={error?.code}>
      {getStatus().readyState}
    </p>
  );
}

function Events() {
  const { events, subscribe, send } = useReactor();
  const commits = useRef<number[]>([]);
  useEffect(() => {
    commits.current.push(events.length); // how many events each render showed
  }, [events]);
  return (
    <>
      <ol id="events" data-commits={commits.current.join()}>
        {events.map((event) => (
          <li key={event.id}>{`${event.type} ${JSON.stringify(event.data)}`}</li>
        ))}
      </ol>
      <button type="button" id="narrow" onClick={() => subscribe(["news_processed"])}>
        Narrow
      </button>
      <button type="button" id="send" onClick={() => send("make_coffee", { cups: 2 })}>
        Send
      </button>
    </>
  );
}

/** Shows what a component below it threw. */
class Caught extends Component<{ readonly children: ReactNode }> {
  override state = { message: "" };
  static getDerivedStateFromError(error: Error) {
    return { message: error.message };
  }
  override render() {
    return this.state.message === "" ? this.props.children : <p id="caught">{this.state.message}</p>;
  }
}

function Page() {
  const [isShown, show] = useState(true);
  const [props, setProps] = useState<ReactorProviderProps>({});
  return (
    <>
      {isShown && (
        <ReactorProvider {...props}>
          <Status />
          <Events />
        </ReactorProvider>
      )}
      <Caught>
        <Status />
      </Caught>
      <button type="button" id="unmount" onClick={() => show(false)}>
        Unmount
      </button>
      <button type="button" id="mount" onClick={() => show(true)}>
        Mount
      </button>
      <button type="button" id="only-digests" onClick={() => setProps({ events: ["digest_created"] })}>
        Only digests
      </button>
      <button type="button" id="other-channel" onClick={() => setProps({ channel: "other" })}>
        Other channel
      </button>
    </>
  );
}

const root = document.createElement("div");
document.body.append(root);
createRoot(root).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
