// How much other processes used the machine while a bench ran: its figures are then less reliable.
import { cpus } from "node:os";
import { Stage } from "./stage.ts";

/** Starts to measure. @returns a function that returns the share of the machine's cores other processes have used since */
export function watchOtherLoad(): () => number {
  const [busyBefore, oursBefore, startMs] = [busyMs(), oursMs(), performance.now()];
  return () => {
    const others = busyMs() - busyBefore - (oursMs() - oursBefore);
    return Math.max(0, others / (cpus().length * (performance.now() - startMs)));
  };
}

function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

/** Of this process, and of the servers of stages that have ended. */
function oursMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system + Stage.serversCpuUs) / 1e3;
}
