// What became of an event that was sent, and the key that it may wait for.
import { KeyForm } from "../visit/key-form.tsx";
import { useWords } from "../words/language.ts";
import { EMIT_WORDS, type EmitWords } from "./emit-words.ts";
import type { Sending } from "./use-sending.ts";

/** @param name of the part, for scripts */
export function Outcome({ sending: { step, answer, resend }, name }: { sending: Sending; name: string }) {
  const words = useWords(EMIT_WORDS);
  return (
    <>
      {step === "asking" && <KeyForm button={words.send} show={resend} />}
      <span role="status" className={answer && !answer.ok ? "error" : "soft"} data-reactor={name}>
        {answer && textOf(answer, words)}
      </span>
    </>
  );
}

function textOf(answer: NonNullable<Sending["answer"]>, words: EmitWords): string {
  if (!answer.ok) {
    const { pointer } = answer.body;
    return typeof pointer === "string" ? `${answer.detail} ${words.at(pointer)}` : answer.detail;
  }
  return words.sentAs(String(answer.body.cursor));
}
