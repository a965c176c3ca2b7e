// The sheet of keyboard shortcuts, which `?` opens.
import { useCallback, useRef } from "react";
import { useSnapshot } from "../../react/snapshot.ts";
import { useWords } from "./language.ts";
import { PAGE_WORDS } from "./page-words.ts";
import { prefer, preferences } from "./preferences.ts";
import { type Shortcut, useShortcut } from "./shortcuts.ts";

/** @param shortcuts of the page's parts */
export function ShortcutSheet({ shortcuts }: { shortcuts: readonly Shortcut[] }) {
  const words = useWords(PAGE_WORDS);
  const { keys } = useSnapshot(preferences);
  const dialog = useRef<HTMLDialogElement>(null);
  const open = useCallback(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  useShortcut("?", open);
  const all = [...shortcuts, { keys: ["?"], does: words.openSheet }, { keys: ["Esc"], does: words.closeSheet }];
  return (
    <>
      <button
        type="button"
        data-reactor="shortcuts"
        aria-label={`? ${words.shortcuts}`}
        title={words.shortcuts}
        onClick={open}
      >
        ?
      </button>
      <dialog ref={dialog} className="sheet" aria-labelledby="sheet-title">
        <h2 id="sheet-title">{words.shortcuts}</h2>
        <dl>
          {all.map((shortcut) => (
            <div key={shortcut.keys.join()}>
              <dt>
                {shortcut.keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{shortcut.does}</dd>
            </div>
          ))}
        </dl>
        <label className="check">
          <input
            type="checkbox"
            checked={keys === "on"}
            onChange={({ target }) => prefer("keys", target.checked ? "on" : "off")}
          />{" "}
          {words.singleKeys}
        </label>
        <form method="dialog">
          <button type="submit">{words.close}</button>
        </form>
      </dialog>
    </>
  );
}
