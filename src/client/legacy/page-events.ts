// How an old page hears: CustomEvents on its window, `handlers`, and the callbacks of the earlier generation.
import { Listeners, report } from "../listener-set.ts";

/** What hears of one type of event, by the name of the type. */
export type PageHandlers = Record<string, ((data: unknown) => void) | undefined>;

export class PageEvents {
  /** The page sets these, or all of them. */
  handlers: PageHandlers = {};
  readonly #page: EventTarget;
  readonly #callbacks = new Map<string, { called: Listeners<unknown>; undo: Map<unknown, () => void> }>();

  constructor(page: EventTarget) {
    this.#page = page;
  }

  /** Tells everybody, in the order of the old scripts; who throws, or changes what others listen to, hurts nobody. */
  notify(type: string, data: unknown, envelope: object = { type, data }): void {
    this.dispatch(type, data);
    this.#handle(type, data);
    this.#callbacks.get(type)?.called.call(data);
    this.dispatch(`reactor:${type}`, envelope);
  }

  dispatch(name: string, detail: unknown): void {
    this.#page.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** As `addEventListener`: the same callback listens once. */
  on(type: string, callback: (data: unknown) => void): void {
    const { called, undo } = this.#callbacks.get(type) ?? { called: new Listeners(), undo: new Map() };
    if (!undo.has(callback)) undo.set(callback, called.add(callback));
    this.#callbacks.set(type, { called, undo });
  }

  /** @param callback all of the type's if not given */
  off(type: string, callback?: (data: unknown) => void): void {
    const undo = this.#callbacks.get(type)?.undo;
    for (const [own, stop] of undo ?? []) {
      if (callback !== undefined && own !== callback) continue;
      stop();
      undo?.delete(own);
    }
  }

  #handle(type: string, data: unknown): void {
    const { handlers } = this;
    const inherited: unknown = (Object.prototype as Record<string, unknown>)[type]; // an event may be called toString
    if (typeof handlers?.[type] !== "function" || handlers[type] === inherited) return;
    try {
      handlers[type](data);
    } catch (error) {
      report(error);
    }
  }
}
