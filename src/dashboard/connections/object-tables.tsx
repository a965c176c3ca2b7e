// What one object, the hub or a relay, says of its connections.
import type { ReactNode } from "react";
import { useFormats } from "../words/formats.ts";
import { useWords } from "../words/language.ts";
import { NONE } from "../words/reading.tsx";
import type { ObjectReport, SlowClient, Tally } from "./connections-report.ts";
import { CONNECTIONS_WORDS } from "./connections-words.ts";
import { FigureTable, useFigure } from "./figure-table.tsx";

/** @param isNamed there are others beside it */
export function ObjectTables({ report, isNamed }: { report: ObjectReport; isNamed: boolean }) {
  const words = useWords(CONNECTIONS_WORDS);
  const { count } = useFormats();
  const figure = useFigure();
  const most = Math.max(1, ...report.lag.map((bucket) => bucket.count ?? 0));
  const lagText = (upTo: number | null) =>
    upTo === null ? words.lagMore : upTo === 0 ? words.lagNone : words.lagUpTo(count(upTo));
  const stateText = (state: string | null) => (state === null ? NONE : (words.states[state] ?? state));
  return (
    <section aria-label={report.object} data-object={report.object}>
      {isNamed && <h3>{report.object}</h3>}
      <div className="connection-figures">
        <FigureTable
          title={words.by}
          heads={[words.dialect, words.encoding, words.state, words.count]}
          rows={report.connections.map((each) => [
            each.dialect ?? NONE,
            each.encoding ?? NONE,
            stateText(each.state),
            figure(each.count),
          ])}
        />
        <FigureTable
          title={words.lag}
          heads={[words.behind, "", words.count]}
          rows={report.lag.map((bucket) => [
            lagText(bucket.upTo),
            <Bar key="bar" share={(bucket.count ?? 0) / most} />,
            figure(bucket.count),
          ])}
        />
        <Tallied title={words.closes} tally={report.closes} names={words.codes} />
        <Tallied title={words.refusals} tally={report.refusals} />
        <Tallied title={words.resets} tally={report.resets} />
      </div>
      <Slowest clients={report.slowest} stateText={stateText} />
    </section>
  );
}

function Slowest({
  clients,
  stateText,
}: {
  clients: readonly SlowClient[];
  stateText: (state: string | null) => ReactNode;
}) {
  const words = useWords(CONNECTIONS_WORDS);
  const { bytes, ago } = useFormats();
  const figure = useFigure();
  return (
    <FigureTable
      title={words.slowest}
      isWide
      nothing={words.noSlow}
      heads={[words.client, words.behind, words.buffered, words.heard, words.state, words.dialect, words.sub]}
      rows={clients.map((each) => [
        <Cut key="client" text={each.clientId ?? NONE} />,
        figure(each.lagEvents),
        each.bufferedBytes === null ? NONE : bytes(each.bufferedBytes),
        each.heardMsAgo === null ? NONE : ago(each.heardMsAgo),
        stateText(each.state),
        each.dialect ?? NONE,
        <Cut key="sub" text={each.sub ?? NONE} />,
      ])}
    />
  );
}

/** A name of any length: the figures beside it stay in sight. */
function Cut({ text }: { text: string }) {
  return (
    <span className="cut" title={text}>
      {text}
    </span>
  );
}

function Tallied({
  title,
  tally,
  names = {},
}: {
  title: string;
  tally: Tally;
  names?: Readonly<Record<string, string>>;
}) {
  const words = useWords(CONNECTIONS_WORDS);
  const figure = useFigure();
  return (
    <FigureTable
      title={title}
      nothing={words.none}
      heads={["", words.count]}
      rows={tally.map(([name, count]) => [
        <>
          {name} <span className="soft">{Object.hasOwn(names, name) && names[name]}</span>
        </>,
        figure(count),
      ])}
    />
  );
}

function Bar({ share }: { share: number }) {
  return (
    <svg className="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect width={100 * share} height="10" />
    </svg>
  );
}
