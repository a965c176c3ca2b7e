// Emits any event: its type, its source, its data, and the same as a command for a shell.
import { type FormEvent, useId, useMemo, useRef, useState } from "react";
import { type Snapshot, useSnapshot } from "../../react/snapshot.ts";
import { isEventType, typeFault } from "../../wire/event-type.ts";
import { curlLine } from "../visit/curl-line.ts";
import { useVisit } from "../visit/visit-context.ts";
import { CopyButton } from "../words/copy-button.tsx";
import { useWords } from "../words/language.ts";
import { EMIT_WORDS } from "./emit-words.ts";
import { JsonField } from "./json-field.tsx";
import { markJson } from "./json-mark.ts";
import { Outcome } from "./outcome.tsx";
import { useSending } from "./use-sending.ts";
import "./emit.css";

/** Folded at first: the feed comes first. @param types those that were seen on this page */
export function EmitForm({ types }: { types: Snapshot<readonly string[]> }) {
  const words = useWords(EMIT_WORDS);
  const { channel } = useVisit();
  const seen = useSnapshot(types);
  const sending = useSending();
  const id = useId();
  const typeField = useRef<HTMLInputElement>(null);
  const dataField = useRef<HTMLTextAreaElement>(null);
  const [type, setType] = useState("");
  const [source, setSource] = useState("");
  const [dataText, setDataText] = useState("{}");
  const mark = useMemo(() => markJson(dataText), [dataText]);
  const wrongType = type !== "" && !isEventType(type) ? typeFault(type, words.type) : "";
  const emission = { type, dataText, source: source || undefined };

  function submit(form: FormEvent<HTMLFormElement>) {
    form.preventDefault();
    if (wrongType) typeField.current?.focus();
    else if (mark) {
      dataField.current?.focus();
      dataField.current?.setSelectionRange(mark.offset, mark.offset + mark.wrong.length);
    } else sending.send(emission);
  }

  return (
    <details className="panel emit" data-reactor="emit">
      <summary aria-keyshortcuts="e">{words.title}</summary>
      <form onSubmit={submit}>
        <label>
          {words.type}
          <input
            {...{ ref: typeField, name: "type", value: type, list: `${id}-types`, required: true }}
            {...{ autoComplete: "off", autoCapitalize: "off", spellCheck: false, placeholder: "order_created" }}
            aria-invalid={wrongType !== ""}
            aria-describedby={`${id}-type`}
            onChange={(event) => setType(event.currentTarget.value)}
          />
        </label>
        <datalist id={`${id}-types`}>
          {seen.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <label>
          <span>
            {words.source} <span className="soft">({words.optional})</span>
          </span>
          <input
            {...{ name: "source", value: source, autoComplete: "off", autoCapitalize: "off", spellCheck: false }}
            onChange={(event) => setSource(event.currentTarget.value)}
          />
        </label>
        <p id={`${id}-type`} className="error">
          {wrongType}
        </p>
        <JsonField field={dataField} text={dataText} mark={mark} change={setDataText} />
        <button type="submit" className="main" disabled={sending.step === "sending"}>
          {words.emit}
        </button>
      </form>
      <div className="control">
        <Outcome sending={sending} name="emit-result" />
      </div>
      {!mark && type !== "" && !wrongType && <Curl line={curlLine(location, channel, emission)} />}
    </details>
  );
}

function Curl({ line }: { line: string }) {
  const words = useWords(EMIT_WORDS);
  return (
    <div className="curl">
      <div className="control">
        <span className="soft">{words.curl}</span>
        <CopyButton text={() => line} label={words.copyCurl} />
      </div>
      <pre data-reactor="emit-curl">{line}</pre>
    </div>
  );
}
