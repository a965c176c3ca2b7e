// Copies a text, and says whether that worked.
import { useEffect, useState } from "react";
import { copyText } from "./copy-text.ts";
import { useWords } from "./language.ts";
import { PAGE_WORDS } from "./page-words.ts";

const SAID_MS = 2_000;

/** @param text is called when it is copied @param label what is copied, where more than one thing can be */
export function CopyButton({ text, label, name }: { text: () => string; label?: string; name?: string }) {
  const words = useWords(PAGE_WORDS);
  const [isCopied, setCopied] = useState<boolean | null>(null);
  useEffect(() => {
    if (isCopied === null) return undefined;
    const timer = setTimeout(() => setCopied(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <span className="copy">
      <button type="button" data-reactor={name} onClick={() => void copyText(text()).then(setCopied)}>
        {label ?? words.copy}
      </button>
      <span role="status">{isCopied !== null && (isCopied ? words.copied : words.copyFailed)}</span>
    </span>
  );
}
