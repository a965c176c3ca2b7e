// The list of all keys, over the page, and the keys of its buttons and fields.
import { useEffect, useId, useRef, useState } from "react";
import { useSnapshot } from "../../react/snapshot.ts";
import { isShortcut, keyOf } from "../visit/shortcuts.ts";
import { useWords } from "../words/language.ts";
import { prefer, preferences } from "../words/preferences.ts";
import { type KeyGroup, type KeyRow, keysOnPage, pressKey } from "./key-press.ts";
import { KEYS_WORDS, type KeysWords } from "./keys-words.ts";
import "./keys.css";

/** @param groups the keys that parts of the page listen to themselves */
export function KeySheet({ groups = [] }: { groups?: readonly KeyGroup[] }) {
  const words = useWords(KEYS_WORDS);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const { keys } = useSnapshot(preferences);
  const [pageKeys, setPageKeys] = useState<readonly KeyRow[] | null>(null);

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (isShortcut(event) && pressKey(keyOf(event))) event.preventDefault();
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
      <button
        type="button"
        data-reactor="keys"
        aria-keyshortcuts="?"
        aria-label={`? ${words.title}`}
        title={words.title}
        onClick={open}
      >
        ?
      </button>
      <dialog ref={dialog} className="keys" aria-labelledby={id} onClose={() => setPageKeys(null)}>
        <h2 id={id}>{words.title}</h2>
        {pageKeys &&
          [...groups, { title: words.page, rows: pageKeys }].map(({ title, rows }) => (
            <Keys key={title} {...{ title, rows, words }} />
          ))}
        <p className="soft">{words.note}</p>
        <label className="check">
          <input
            type="checkbox"
            defaultChecked={keys === "on"}
            onChange={({ target }) => prefer("keys", target.checked ? "on" : "off")}
          />{" "}
          {words.singleKeys}
        </label>
        <button type="button" onClick={() => dialog.current?.close()}>
          {words.close}
        </button>
      </dialog>
    </>
  );
}

interface KeysProps extends KeyGroup {
  readonly words: KeysWords;
}

/** What is written on keys whose names are long. */
const ON_KEYS: Readonly<Record<string, string>> = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" };

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
                <kbd key={key}>{key === " " ? words.space : (ON_KEYS[key] ?? key)}</kbd>
              ))}
            </td>
            <td>{does}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
