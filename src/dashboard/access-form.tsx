// Asks for a key or a token, where the hub wants one. It is written into this one field and nowhere else.
import type { FormEvent, ReactNode } from "react";
import type { Ask } from "./visit.ts";

const WORDS: Record<Ask["reason"], ReactNode> = {
  missing: "Closed to strangers.",
  refused: "The hub does not take that one.",
  forbidden: "That one is good, and does not allow this.",
  ending: "Your token is about to expire. Show a fresh one, and this page goes on where it is.",
  unsendable: (
    <>
      That one has characters that a page cannot show. It can show letters, digits, “_”, “-” and “.”: every token is
      made of these, and a key that <code>openssl rand -hex 32</code> makes.
    </>
  ),
  checking: "Asking the hub…",
};

export function AccessForm({ ask, show }: { ask: Ask; show: (credential: string) => void }) {
  function submit(form: FormEvent<HTMLFormElement>) {
    form.preventDefault();
    const given = new FormData(form.currentTarget).get("credential");
    const credential = typeof given === "string" ? given.trim() : ""; // what was pasted brings spaces along
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
        It stays in this page's memory: closed or reloaded, the page has forgotten it.
      </p>
    </form>
  );
}
