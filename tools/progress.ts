// The progress of a long command: a bar on a terminal, a line for every tenth in a log.

const WIDTH = 30;

export interface Progress {
  /** @param note printed after the count */
  show(done: number, note: string): void;
  /** Ends the line of the bar, so that further output starts on a new one. */
  end(): void;
}

export function startProgress(total: number, out: NodeJS.WriteStream = process.stdout): Progress {
  let shownTenths = 0;
  let drawn = false;
  return {
    show(done, note) {
      const part = total === 0 ? 1 : done / total;
      const counts = `${done.toLocaleString("en")} of ${total.toLocaleString("en")}  ${note}`;
      if (out.isTTY) {
        const filled = Math.round(part * WIDTH);
        out.write(`\r\x1b[K${"█".repeat(filled)}${"░".repeat(WIDTH - filled)}  ${counts}`);
        drawn = true;
      } else if (Math.floor(part * 10) > shownTenths) {
        shownTenths = Math.floor(part * 10);
        out.write(`${counts}\n`);
      }
    },
    end() {
      if (drawn) out.write("\n");
      drawn = false;
    },
  };
}
