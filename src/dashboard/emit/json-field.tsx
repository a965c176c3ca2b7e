// The field for an event's data: JSON, with a message that shows where it is wrong.
import { type RefObject, useId } from "react";
import { useWords } from "../words/language.ts";
import { EMIT_WORDS } from "./emit-words.ts";
import type { JsonMark } from "./json-mark.ts";

interface JsonFieldProps {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  /** `null`: it is JSON. */
  readonly mark: JsonMark | null;
  readonly change: (text: string) => void;
}

export function JsonField({ field, text, mark, change }: JsonFieldProps) {
  const words = useWords(EMIT_WORDS);
  const id = useId();
  return (
    <div className="json">
      <label htmlFor={id}>{words.data}</label>
      <textarea
        {...{ id, ref: field, value: text, spellCheck: false, autoComplete: "off", autoCapitalize: "off" }}
        rows={Math.min(16, Math.max(3, text.split("\n").length))}
        aria-invalid={mark !== null}
        aria-describedby={`${id}-fault`}
        onChange={(event) => change(event.currentTarget.value)}
      />
      <p id={`${id}-fault`} className="error" data-reactor="json-fault">
        {mark && <Fault mark={mark} />}
      </p>
    </div>
  );
}

function Fault({ mark: { line, column, expected, before, wrong, after, isEnd } }: { mark: JsonMark }) {
  const words = useWords(EMIT_WORDS);
  return (
    <>
      {words.place(line, column)} {words.expected(words.things[expected] ?? expected)}{" "}
      <code>
        {before}
        <mark>{wrong || (isEnd ? words.end : "⏎")}</mark>
        {after}
      </code>
    </>
  );
}
