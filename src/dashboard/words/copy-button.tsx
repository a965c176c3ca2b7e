// Copies a text to the clipboard.
import { useState } from "react";
import { type Table, useWords } from "./language.ts";

interface CopyWords {
  copy: string;
  copied: string;
  failed: string;
}

const COPY_WORDS: Table<CopyWords> = {
  en: { copy: "Copy", copied: "Copied", failed: "Your browser does not allow this page to copy." },
  ru: { copy: "Копировать", copied: "Скопировано", failed: "Браузер не разрешает странице копировать." },
};

/** @param label what is copied, where more than one thing can be */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const words = useWords(COPY_WORDS);
  const [outcome, setOutcome] = useState<{ readonly text: string; readonly isCopied: boolean } | null>(null);

  async function copy() {
    const isCopied = await toClipboard(text);
    setOutcome({ text, isCopied });
  }

  const isCurrent = outcome?.text === text;
  return (
    <>
      <button type="button" className="copy" aria-label={label} onClick={() => void copy()}>
        {words.copy}
      </button>
      <span role="status">{isCurrent && (outcome.isCopied ? words.copied : words.failed)}</span>
    </>
  );
}

/** Pages have a clipboard only where their connection is secure (https, or this machine). */
async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
