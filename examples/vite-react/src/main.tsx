import { ReactorProvider, useReactorState } from "pulse-reactor/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { useReactorEvents } from "./reactor.ts";

const HUB = import.meta.env.VITE_HUB ?? "http://localhost:8787";

function News() {
  const news = useReactorEvents("news_processed", { keep: 20 });
  return (
    <ul>
      {news.map(({ id, data }) => (
        <li key={id}>{data.title}</li>
      ))}
    </ul>
  );
}

function State() {
  return <p>{useReactorState()}</p>;
}

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <ReactorProvider url={HUB} last={20}>
      <h1>News</h1>
      <State />
      <News />
    </ReactorProvider>
  </StrictMode>,
);
