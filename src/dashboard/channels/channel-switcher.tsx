// The channel that is shown, and a menu to show another one, in its place or beside it.
import { type FocusEvent, type FormEvent, type KeyboardEvent, type MouseEvent, useId, useRef, useState } from "react";
import { channelFault, DEFAULT_CHANNEL, isChannel } from "../../wire/channel.ts";
import { useWords } from "../words/language.ts";
import { CHANNELS_WORDS } from "./channels-words.ts";
import { addressOf, type ChannelName, isSame, shownName } from "./page-address.ts";
import { recentChannels } from "./recent-channels.ts";
import "./channels.css";

export interface ChannelSwitcherProps {
  /** All that are shown; this switcher is that of `shown[at]`. */
  readonly shown: readonly ChannelName[];
  readonly at: number;
  readonly show: (channels: readonly ChannelName[]) => void;
}

export function ChannelSwitcher({ shown, at, show }: ChannelSwitcherProps) {
  const words = useWords(CHANNELS_WORDS);
  const menu = useRef<HTMLDetailsElement>(null);
  const [recent, setRecent] = useState<readonly string[]>([]);
  const here = shown[at] ?? null;

  function close() {
    if (menu.current) menu.current.open = false;
  }

  function go(channels: readonly ChannelName[]) {
    close();
    show(channels);
  }

  function closeByKey(event: KeyboardEvent) {
    if (event.key !== "Escape" || !menu.current?.open) return;
    event.stopPropagation();
    close();
    menu.current.querySelector("summary")?.focus();
  }

  function closeBehind({ currentTarget, relatedTarget }: FocusEvent) {
    if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) close();
  }

  const instead = (name: ChannelName) => shown.map((each, index) => (index === at ? name : each));
  const beside = (name: ChannelName) => [here, name];
  return (
    <>
      <details
        ref={menu}
        className="switcher"
        onToggle={() => setRecent(recentChannels())}
        onKeyDown={closeByKey}
        onBlur={closeBehind}
      >
        <summary data-reactor="channel" aria-keyshortcuts="c">
          <span className="soft">{words.channel}</span> <strong>{shownName(here)}</strong>
        </summary>
        <div className="menu">
          <NameForm {...{ show: (name) => go(instead(name)), showBeside: (name) => go(beside(name)) }} />
          <p className="soft">{words.recent}</p>
          <ul data-reactor="recent-channels">
            {[null, ...recent.filter((name) => name !== DEFAULT_CHANNEL)].map((name) => (
              <li key={shownName(name)}>
                <ChannelLink
                  {...{ name, isHere: isSame(name, here), href: addressOf(instead(name)) }}
                  go={() => go(instead(name))}
                />
                {!shown.some((each) => isSame(each, name)) && (
                  <button type="button" aria-label={words.showBeside(shownName(name))} onClick={() => go(beside(name))}>
                    {words.beside}
                  </button>
                )}
              </li>
            ))}
          </ul>
          <p className="soft">{words.why}</p>
        </div>
      </details>
      {shown.length > 1 && (
        <button type="button" data-reactor="close-channel" onClick={() => go(shown.filter((_, index) => index !== at))}>
          {words.close(shownName(here))}
        </button>
      )}
    </>
  );
}

interface ChannelLinkProps {
  readonly name: ChannelName;
  readonly isHere: boolean;
  readonly href: string;
  readonly go: () => void;
}

/** A link, so that it can be opened in another tab too. */
function ChannelLink({ name, isHere, href, go }: ChannelLinkProps) {
  function follow(event: MouseEvent) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go();
  }
  return (
    <a href={href} aria-current={isHere ? "page" : undefined} onClick={follow}>
      {shownName(name)}
    </a>
  );
}

interface NameFormProps {
  readonly show: (name: ChannelName) => void;
  readonly showBeside: (name: ChannelName) => void;
}

function NameForm({ show, showBeside }: NameFormProps) {
  const words = useWords(CHANNELS_WORDS);
  const id = useId();
  const [text, setText] = useState("");
  const [fault, setFault] = useState("");

  function submit(form: FormEvent<HTMLFormElement>) {
    form.preventDefault();
    const { submitter } = form.nativeEvent as SubmitEvent;
    const name = text.trim();
    if (!isChannel(name)) return setFault(channelFault(name));
    setText("");
    const isBeside = submitter instanceof HTMLButtonElement && submitter.value === "beside";
    (isBeside ? showBeside : show)(name === DEFAULT_CHANNEL ? null : name);
  }

  function change(next: string) {
    setText(next);
    setFault("");
  }

  return (
    <form onSubmit={submit}>
      <label htmlFor={id}>{words.channel}</label>
      <input
        {...{ id, value: text, required: true, autoComplete: "off", autoCapitalize: "off", spellCheck: false }}
        aria-invalid={fault !== ""}
        aria-describedby={`${id}-fault`}
        onChange={(event) => change(event.currentTarget.value)}
      />
      <div className="control">
        <button type="submit">{words.show}</button>
        <button type="submit" value="beside">
          {words.beside}
        </button>
      </div>
      <p id={`${id}-fault`} className="error" role="alert" data-reactor="channel-fault">
        {fault}
      </p>
    </form>
  );
}
