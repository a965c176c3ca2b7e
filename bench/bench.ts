// What a bench is: a question, and what it finds, as figures of Reactor beside those of a control in the same run.

export interface Bench {
  /** As it is asked for: `npm run bench -- NAME`. */
  readonly name: string;
  readonly question: string;
  /** What it takes with the default options, for the progress bar. */
  readonly takesSeconds: number;
  /** @throws an Error if it could not be measured: events were lost, or something broke */
  run(run: Run): Promise<readonly Finding[]>;
}

/** What a bench is given by its runner. */
export interface Run {
  /** How often subject and control are measured, one after the other. */
  readonly rounds: number;
  /** How long a load lasts in a round. */
  readonly seconds: number;
  /** The Worker that is measured, as one built module. */
  readonly worker: string;
  /** @param share of the bench that is done, 0 to 1 */
  progress(share: number, note: string): void;
}

/** One line of the report: a value a round. */
export interface Finding {
  readonly what: string;
  readonly unit: string;
  readonly subject: readonly number[];
  /** Absent where there is nothing to compare with. */
  readonly control?: { readonly name: string; readonly values: readonly number[] };
  /** What the ratio (without a control: the value) has to be. Absent: reported only. */
  readonly target?: Target;
  /** What else was seen, such as how busy the load generator was. */
  readonly note?: string;
}

export interface Target {
  readonly atLeast?: number;
  readonly atMost?: number;
}
