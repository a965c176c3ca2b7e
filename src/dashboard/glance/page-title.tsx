// The document's title: the state and the name of each channel, for a tab that is not in front.
import { useSnapshot } from "../../react/snapshot.ts";
import { DEFAULT_CHANNEL } from "../../wire/channel.ts";
import type { Visit } from "../visit/visit.ts";
import { useWords } from "../words/language.ts";
import { statusOf } from "./channel-status.ts";
import { GLANCE_WORDS } from "./glance-words.ts";
import type { StatsStore } from "./stats-store.ts";

export interface Titled {
  readonly visit: Visit;
  readonly stats: StatsStore;
}

/** @param sessions one, or two side by side */
export function PageTitle({ sessions: [first, second] }: { sessions: readonly Titled[] }) {
  if (!first) return null;
  return second ? <TitleOfTwo first={first} second={second} /> : <Title of={first} />;
}

function Title({ of }: { of: Titled }) {
  return <title>{`${useTitlePart(of)} · Reactor`}</title>;
}

function TitleOfTwo({ first, second }: { first: Titled; second: Titled }) {
  return <title>{`${useTitlePart(first)} · ${useTitlePart(second)} · Reactor`}</title>;
}

/** Such as `● main`, or `○ main: reconnecting`. */
function useTitlePart({ visit, stats }: Titled): string {
  const words = useWords(GLANCE_WORDS);
  const status = statusOf(useSnapshot(visit.entry), useSnapshot(stats.glance).health);
  const channel = visit.channel ?? DEFAULT_CHANNEL;
  return status === "live" ? `● ${channel}` : `○ ${channel}: ${words.status[status]}`;
}
