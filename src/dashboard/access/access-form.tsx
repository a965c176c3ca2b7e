// Asks for a key or token where the hub requires one. It is entered in this field and stored nowhere.
import type { FormEvent, ReactNode } from "react";
import type { Ask } from "../visit/visit.ts";

const WORDS: Record<Ask["reason"], ReactNode> = {
  missing: "This hub requires a key or token.",
  refused: "The hub does not accept this key or token.",
  forbidden: "This key or token is valid, but does not allow this.",
  ending: "Your token is about to expire. Enter a fresh one, and this page resumes where it is.",
  unsendable: (
    <>
      This key or token has characters that a page cannot send. Allowed are letters, digits, “_”, “-” and “.”: every
      token consists of these, and so does a key made by <code>openssl rand -hex 32</code>.
    </>
  ),
  checking: "Checking with the hub…",
};

export function AccessForm({ ask, show }: { ask: Ask; show: (credential: string) => void }) {
  function submit(form: FormEvent<HTMLFormElement>) {
    form.preventDefault();
    const given = new FormData(form.currentTarget).get("credential");
    const credential = typeof given === "string" ? given.trim() : ""; // pasted text often brings spaces along
    if (credential !== "") show(credential);
  }

  const isWrong = ask.reason === "refused" || ask.reason === "forbidden" || ask.reason === "unsendable";
  return (
    <form className="access" data-reactor="access" onSubmit={submit}>
      <p id="access-why" className={isWrong ? "error" : undefined} role="alert" data-reactor="access-why">
        {WORDS[ask.reason]} {ask.detail}
      </p>
      <label htmlFor="access-credential">Key or token</label>
      <input
        id="access-credential"
        type="password"
        name="credential"
        autoComplete="off"
        required
        aria-invalid={isWrong}
        aria-describedby="access-why access-stay"
      />
      <button type="submit">Connect</button>
      <p id="access-stay" className="soft">
        It is kept in this page's memory only, until the page is closed or reloaded.
      </p>
    </form>
  );
}
