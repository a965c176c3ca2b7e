// A tab of a browser that Playwright does not drive: it keeps its pages visible, and a visible page is never frozen.
import type { Browser, CDPSession } from "playwright-core";

interface Answer {
  readonly id: number;
  readonly result?: { readonly result?: { readonly value?: unknown }; readonly exceptionDetails?: unknown };
  readonly error?: { readonly message: string };
}

export class PlainTab {
  readonly #control: CDPSession;
  readonly #targetId: string;
  readonly #sessionId: string;
  readonly #answers = new Map<number, (answer: Answer) => void>();

  private constructor(control: CDPSession, targetId: string, sessionId: string) {
    this.#control = control;
    this.#targetId = targetId;
    this.#sessionId = sessionId;
    control.on("Target.receivedMessageFromTarget", (given) => {
      if (given.sessionId !== sessionId) return;
      const answer: Answer = JSON.parse(given.message);
      this.#answers.get(answer.id)?.(answer);
      this.#answers.delete(answer.id);
    });
  }

  /** All tabs of a browser share their storage. */
  static async open(browser: Browser, url: string): Promise<PlainTab> {
    const control = await browser.newBrowserCDPSession();
    const { targetId } = await control.send("Target.createTarget", { url });
    const { sessionId } = await control.send("Target.attachToTarget", { targetId, flatten: false });
    return new PlainTab(control, targetId, sessionId);
  }

  /** @param expression whose value is JSON @throws if it throws, or is of no value yet */
  async evaluate<Value>(expression: string): Promise<Value> {
    const { result } = await this.#send("Runtime.evaluate", { expression, returnByValue: true });
    if (!result?.result || result.exceptionDetails) throw new Error(`${expression} cannot be evaluated.`);
    return result.result.value as Value;
  }

  async freeze(): Promise<void> {
    await this.#send("Page.setWebLifecycleState", { state: "frozen" });
  }

  async thaw(): Promise<void> {
    await this.#send("Page.setWebLifecycleState", { state: "active" });
  }

  /** Its process ends, which no answer says. */
  crash(): void {
    void this.#send("Page.crash", {});
  }

  async close(): Promise<void> {
    await this.#control.send("Target.closeTarget", { targetId: this.#targetId }).catch(() => {}); // it may be gone
  }

  async #send(method: string, params: object): Promise<Answer> {
    const id = ++count;
    const answered = new Promise<Answer>((resolve) => this.#answers.set(id, resolve));
    const message = JSON.stringify({ id, method, params });
    await this.#control.send("Target.sendMessageToTarget", { sessionId: this.#sessionId, message });
    const answer = await answered;
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer;
  }
}

let count = 0;
