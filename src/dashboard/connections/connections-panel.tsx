// Who is connected to the channel, for operators. Folded at first, and asked for only while it is open.
import { useEffect, useState } from "react";
import { useSnapshot } from "../../react/snapshot.ts";
import { KeyForm } from "../visit/key-form.tsx";
import { useOperatorKey } from "../visit/visit-context.ts";
import { useFormats } from "../words/formats.ts";
import { useWords } from "../words/language.ts";
import type { ConnectionsStore } from "./connections-store.ts";
import { CONNECTIONS_WORDS } from "./connections-words.ts";
import { ObjectTables } from "./object-tables.tsx";
import { OverTime } from "./over-time.tsx";
import "./connections.css";

export function ConnectionsPanel({ store }: { store: ConnectionsStore }) {
  const words = useWords(CONNECTIONS_WORDS);
  const [isOpen, setIsOpen] = useState(false);
  const key = useOperatorKey();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another key may be let in where the one before was not
  useEffect(() => {
    if (!isOpen) return undefined;
    store.open();
    return () => store.close();
  }, [isOpen, key, store]);

  return (
    <details
      className="panel connections"
      data-reactor="connections"
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary>{words.title}</summary>
      {isOpen && <Contents {...{ store, hasKey: key !== null }} />}
    </details>
  );
}

function Contents({ store, hasKey }: { store: ConnectionsStore; hasKey: boolean }) {
  const words = useWords(CONNECTIONS_WORDS);
  const formats = useFormats();
  const { isAsking, report, at, readings, failure } = useSnapshot(store.state);
  const isLocked = !hasKey || failure?.isKeyRefused === true;
  return (
    <>
      {!hasKey && <p>{words.needsKey}</p>}
      <p role="status" className="error" data-reactor="connections-failure">
        {failure?.detail}
      </p>
      {isLocked && <KeyForm button={words.signIn} show={(given) => void store.refresh(given)} />}
      {hasKey && (
        <div className="control">
          <button type="button" disabled={isAsking} onClick={() => void store.refresh()}>
            {words.refresh}
          </button>
          <span className="soft">
            {report ? words.asOf(formats.time(new Date(at).toISOString())) : isAsking && words.asking}
          </span>
        </div>
      )}
      {report?.map((each) => (
        <ObjectTables key={each.object} report={each} isNamed={report.length > 1} />
      ))}
      {report && <OverTime readings={readings} report={report} />}
    </>
  );
}
