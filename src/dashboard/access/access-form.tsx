// Asks for a key or token where the hub requires one. It is kept in the page's memory, or in the tab's storage if the visitor wants that.
import { type FormEvent, useEffect, useId, useRef } from "react";
import type { Ask } from "../visit/visit.ts";
import { useWords } from "../words/language.ts";
import { ACCESS_WORDS } from "./access-words.ts";
import "./access.css";

const DEVELOPMENT = ["localhost", "127.0.0.1", "[::1]"];

export interface AccessFormProps {
  readonly ask: Ask;
  readonly show: (credential: string, isKept: boolean) => void;
}

export function AccessForm({ ask, show }: AccessFormProps) {
  const words = useWords(ACCESS_WORDS);
  const id = useId(); // two channels may ask at the same time
  const field = useRef<HTMLInputElement>(null);
  const isUrgent = ask.reason !== "ending"; // else the visitor is at something else
  useEffect(() => {
    if (isUrgent && !document.activeElement?.closest(".access")) field.current?.focus(); // of two, the first
  }, [isUrgent]);

  function submit(form: FormEvent<HTMLFormElement>) {
    form.preventDefault();
    const given = new FormData(form.currentTarget);
    const credential = String(given.get("credential") ?? "").trim(); // pasted text often brings spaces along
    if (credential !== "") show(credential, given.has("keep"));
    else field.current?.focus();
  }

  const isWrong = ask.reason === "refused" || ask.reason === "forbidden" || ask.reason === "unsendable";
  const why = [words.why[ask.reason], isWrong ? ask.detail : ""].filter(Boolean).join(" ");
  return (
    <form className="access" data-reactor="access" aria-labelledby={`${id}-title`} onSubmit={submit}>
      <h2 id={`${id}-title`}>{words.title}</h2>
      <p id={`${id}-why`} className={isWrong ? "error" : undefined} role="alert" data-reactor="access-why">
        {why}
      </p>
      <label htmlFor={id}>{words.label}</label>
      <input
        ref={field}
        id={id}
        type="password"
        name="credential"
        autoComplete="off"
        required
        aria-invalid={isWrong}
        aria-describedby={`${id}-why ${id}-hint`}
      />
      <p id={`${id}-hint`} className="soft" data-reactor="access-hint">
        {words.hint(DEVELOPMENT.includes(location.hostname))}
      </p>
      <label className="check">
        <input type="checkbox" name="keep" aria-describedby={`${id}-keep`} /> {words.keep}
      </label>
      <p id={`${id}-keep`} className="soft">
        {words.keepRisk} {words.keepNot}
      </p>
      <button type="submit" className="primary">
        {words.signIn}
      </button>
    </form>
  );
}
