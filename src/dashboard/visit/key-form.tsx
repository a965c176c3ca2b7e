// Asks for a key or token beside the connection's. It is kept in this page's memory only.
import type { FormEvent } from "react";
import { type Table, useWords } from "../words/language.ts";

const WORDS: Table<{ label: string }> = { en: { label: "Key or token" }, ru: { label: "Ключ или токен" } };

/** @param button what follows */
export function KeyForm({ button, show }: { button: string; show: (key: string) => void }) {
  const words = useWords(WORDS);

  function submit(form: FormEvent<HTMLFormElement>) {
    form.preventDefault();
    const given = new FormData(form.currentTarget).get("key");
    const key = typeof given === "string" ? given.trim() : ""; // pasted text often brings spaces along
    if (key !== "") show(key);
  }

  return (
    <form className="key" onSubmit={submit}>
      <label>
        {words.label} <input type="password" name="key" autoComplete="off" required />
      </label>
      <button type="submit">{button}</button>
    </form>
  );
}
