// Faults of hubs, each with the rule whose check finds it, and with the reason that the check reports.
import { FAULTS_AROUND_CHANGES } from "./faults-around-changes.ts";
import { FAULTS_IN_ACCESS } from "./faults-in-access.ts";
import { FAULTS_IN_CLIENT_MESSAGES } from "./faults-in-client-messages.ts";
import { FAULTS_IN_ORIGINS } from "./faults-in-origins.ts";
import { FAULTS_IN_TOKENS } from "./faults-in-tokens.ts";
import type { SeededFault } from "./seeded-fault.ts";

export const SEEDED_FAULTS: readonly SeededFault[] = [
  ...FAULTS_IN_TOKENS,
  ...FAULTS_IN_ACCESS,
  ...FAULTS_AROUND_CHANGES,
  ...FAULTS_IN_CLIENT_MESSAGES,
  ...FAULTS_IN_ORIGINS,
];
