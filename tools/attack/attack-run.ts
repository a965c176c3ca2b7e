// Runs one attack beside its control, and judges the difference.
import { BUILT_WORKER } from "../dev/built-worker.ts";
import { type Attack, SLACK } from "./attack-list.ts";
import { type Reading, strike } from "./attack-target.ts";

export interface Outcome {
  readonly attack: Attack;
  readonly control: Reading;
  readonly attacked: Reading;
  /** By how much more the attack made the measured memory grow than its control, in bytes. */
  readonly excess: number;
  /** The bound, and what a measure may differ by between two runs of the same traffic. */
  readonly allowed: number;
  readonly isWithin: boolean;
}

/** The two servers run one after the other, so that neither takes the other's time. */
export async function runAttack(attack: Attack, scale: number, script = BUILT_WORKER): Promise<Outcome> {
  const control = await strike(attack.of(scale, false), script);
  if (control.hasDied) throw new Error(`the hub died of the control of ${attack.name}`);
  return judge(attack, control, await strike(attack.of(scale, true), script));
}

export function judge(attack: Attack, control: Reading, attacked: Reading): Outcome {
  const excess = growth(attacked, attack) - growth(control, attack);
  const allowed = attack.bound + SLACK[attack.measure];
  return { attack, control, attacked, excess, allowed, isWithin: !attacked.hasDied && excess <= allowed };
}

function growth({ before, peak, heldBefore, held }: Reading, { measure }: Attack): number {
  return measure === "held" ? held - heldBefore : peak - before;
}
