// How far a long command is: a bar that redraws itself on a terminal, a line for every tenth where output is kept.

const WIDTH = 30;

export interface Progress {
  /** @param note what to say beside the count */
  show(done: number, note: string): void;
  /** Leaves the bar as it is, and what comes next on a line of its own. */
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
