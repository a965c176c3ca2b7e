// A bench asks a question and answers it by figures of Reactor beside those of a control in the same run.

export interface Bench {
  /** Its name on the command line: `npm run bench -- NAME`. */
  readonly name: string;
  readonly question: string;
  /** Its duration with the default options, for the progress bar. */
  readonly takesSeconds: number;
  /** Whether it measures `Run.other` too, if there is one. A load (`against`) is compared without that. */
  readonly comparesBuilds?: boolean;
  /** Whether it runs only when it is named. */
  readonly isOnRequest?: boolean;
  /** @throws an Error if it could not be measured: events were lost, or a connection failed */
  run(run: Run): Promise<readonly Finding[]>;
}

/** What the runner passes to a bench. */
export interface Run {
  /** How many times subject and control are measured, one after the other. */
  readonly rounds: number;
  /** How long a load lasts in a round. */
  readonly seconds: number;
  /** Path of the built Worker to measure, one module. */
  readonly worker: string;
  /** Path of another build of it, to compare with. */
  readonly other?: string;
  /** Whether subscribers connect as browsers do. */
  readonly offers?: boolean;
  /** Events per second, where the command line says so. */
  readonly rate?: number;
  /** @param share of the bench that is done, 0 to 1 */
  progress(share: number, note: string): void;
}

/** One line of the report: one value per round. */
export interface Finding {
  readonly what: string;
  readonly unit: string;
  readonly subject: readonly number[];
  /** Absent where there is nothing to compare with. */
  readonly control?: { readonly name: string; readonly values: readonly number[] };
  /** For the ratio or, without a control, for the value. Absent: reported only. */
  readonly target?: Target;
  /** What else was observed, such as how busy the load generator was. */
  readonly note?: string;
}

export interface Target {
  readonly atLeast?: number;
  readonly atMost?: number;
}
