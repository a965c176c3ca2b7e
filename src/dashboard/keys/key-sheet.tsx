// The list of all keys, over the page, and the keys of its buttons and fields.
import { useEffect, useId, useRef, useState } from "react";
import { useWords } from "../words/language.ts";
import { isTaken, type KeyGroup, type KeyRow, keyOf, keysOnPage, pressKey } from "./key-press.ts";
import { KEYS_WORDS } from "./keys-words.ts";
import "./keys.css";

/** @param groups the keys that parts of the page listen to themselves */
export function KeySheet({ groups = [] }: { groups?: readonly KeyGroup[] }) {
  const words = useWords(KEYS_WORDS);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [pageKeys, setPageKeys] = useState<readonly KeyRow[] | null>(null);

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken()) return;
      if (pressKey(keyOf(event))) event.preventDefault();
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  function open() {
    setPageKeys(keysOnPage());
    dialog.current?.showModal(); // the browser puts the focus back where it was, once it is closed
  }

  return (
    <>
      <button type="button" data-reactor="keys" aria-keyshortcuts="?" onClick={open}>
        {words.title}
      </button>
      <dialog ref={dialog} className="keys" aria-labelledby={id} onClose={() => setPageKeys(null)}>
        <h2 id={id}>{words.title}</h2>
        {pageKeys &&
          [...groups, { title: words.page, rows: pageKeys }].map(({ title, rows }) => (
            <Keys key={title} {...{ title, rows, words }} />
          ))}
        <p className="soft">{words.note}</p>
        <button type="button" onClick={() => dialog.current?.close()}>
          {words.close}
        </button>
      </dialog>
    </>
  );
}

interface KeysProps extends KeyGroup {
  readonly words: { readonly key: string; readonly does: string };
}

function Keys({ title, rows, words }: KeysProps) {
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{words.key}</th>
          <th scope="col">{words.does}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ keys, does }) => (
          <tr key={keys.join()}>
            <td>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </td>
            <td>{does}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
