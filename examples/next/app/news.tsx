// In the browser: what came with the page, and what comes from then on.
"use client";
import { ReactorProvider, typedHooks, useReactorState } from "pulse-reactor/react";

interface Events {
  news_processed: { title: string };
}
const { useReactorEvents } = typedHooks<Events>();

interface Props {
  readonly hub: string;
  readonly cursor: string;
  readonly news: readonly { readonly id: string; readonly title: string }[];
}

export function News({ hub, cursor, news }: Props) {
  return (
    <ReactorProvider url={hub} cursor={cursor}>
      <List news={news} />
    </ReactorProvider>
  );
}

function List({ news }: Pick<Props, "news">) {
  const state = useReactorState();
  const live = useReactorEvents("news_processed", { keep: 20 });
  return (
    <>
      <p>{state}</p>
      <ul>
        {[...news, ...live.map(({ id, data: { title } }) => ({ id, title }))].map(({ id, title }) => (
          <li key={id}>{title}</li>
        ))}
      </ul>
    </>
  );
}
