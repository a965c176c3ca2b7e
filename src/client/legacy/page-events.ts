// How a legacy page receives events: CustomEvents on its window, `handlers`, and callbacks of the earlier generation.
import { callSafely } from "../listener-set.ts";

type Callback = (data: unknown) => void;

/** Event type → handler. */
export type PageHandlers = Record<string, Callback | undefined>;

export class PageEvents {
  /** The page assigns single handlers, or the whole object. */
  handlers: PageHandlers = {};
  readonly #page: EventTarget;
  readonly #callbacks = new Map<string, Set<Callback>>();

  constructor(page: EventTarget) {
    this.#page = page;
  }

  /**
   * Delivers an event in the order of the legacy script: CustomEvent, handler, callbacks, `reactor:` CustomEvent, whose detail
   * is the envelope with `event`, its type, and `originalEvent`, the envelope itself. An exception in one is reported and does
   * not stop the others; a callback that was removed meanwhile is skipped.
   */
  notify(type: string, data: unknown, envelope: object = { type, data }): void {
    this.dispatch(type, data);
    this.#callHandler(type, data);
    const callbacks = this.#callbacks.get(type);
    for (const callback of [...(callbacks ?? [])]) if (callbacks?.has(callback)) callSafely(callback, data);
    this.dispatch(`reactor:${type}`, { ...envelope, event: type, originalEvent: envelope });
  }

  dispatch(name: string, detail: unknown): void {
    this.#page.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Like `addEventListener`: adding the same callback twice has no effect. */
  on(type: string, callback: Callback): void {
    this.#callbacks.set(type, (this.#callbacks.get(type) ?? new Set()).add(callback));
  }

  /** @param callback default: all callbacks of `type` */
  off(type: string, callback?: Callback): void {
    const callbacks = this.#callbacks.get(type);
    if (callback === undefined) callbacks?.clear();
    else callbacks?.delete(callback);
    if (callbacks?.size === 0) this.#callbacks.delete(type);
  }

  #callHandler(type: string, data: unknown): void {
    const { handlers } = this;
    const inherited: unknown = (Object.prototype as Record<string, unknown>)[type]; // an event may be called toString
    const handler = handlers?.[type];
    if (typeof handler === "function" && handler !== inherited) callSafely(handler.bind(handlers), data);
  }
}
