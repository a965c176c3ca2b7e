// Whether somebody else used the machine while a bench ran: then its figures say less.
import { cpus } from "node:os";
import { Stage } from "./stage.ts";

/** Starts to look. @returns what share of the machine's cores others have used since */
export function watchBystanders(): () => number {
  const [busyBefore, oursBefore, startMs] = [busyMs(), oursMs(), performance.now()];
  return () => {
    const others = busyMs() - busyBefore - (oursMs() - oursBefore);
    return Math.max(0, others / (cpus().length * (performance.now() - startMs)));
  };
}

function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

/** This process, and the servers of stages that have ended. */
function oursMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system + Stage.serversCpuUs) / 1e3;
}
