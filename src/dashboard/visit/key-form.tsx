// Asks for a key or token beside the connection's. It is kept in this page's memory only.
import type { FormEvent } from "react";
import { useWords } from "../words/language.ts";
import { PAGE_WORDS } from "../words/page-words.ts";

/** @param button what follows */
export function KeyForm({ button, show }: { button: string; show: (key: string) => void }) {
  const words = useWords(PAGE_WORDS);

  function submit(form: FormEvent<HTMLFormElement>) {
    form.preventDefault();
    const given = new FormData(form.currentTarget).get("key");
    const key = typeof given === "string" ? given.trim() : ""; // pasted text often brings spaces along
    if (key !== "") show(key);
  }

  return (
    <form className="key" onSubmit={submit}>
      <label>
        {words.key} <input type="password" name="key" autoComplete="off" required />
      </label>
      <button type="submit">{button}</button>
    </form>
  );
}
