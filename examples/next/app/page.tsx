// On the server: the news that are there, and the place in the log behind which the page goes on. None is missed between the two.
import { News } from "./news";

export const dynamic = "force-dynamic";

const HUB = process.env.HUB ?? "http://localhost:8787";

interface LogPage {
  readonly cursor: string;
  readonly events: readonly { readonly id: string; readonly data: { readonly title: string } }[];
}

export default async function Page() {
  const reply = await fetch(`${HUB}/api/events?last=20&events=news_processed`, { cache: "no-store" });
  const { cursor, events }: LogPage = await reply.json();
  const news = events.map(({ id, data: { title } }) => ({ id, title }));
  return (
    <main>
      <h1>News</h1>
      <News hub={HUB} cursor={cursor} news={news} />
    </main>
  );
}
