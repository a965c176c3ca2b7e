// Faults of hubs, each with the rule whose check finds it, and with the reason that the check reports.
import { FAULTS_AROUND_CHANGES } from "./faults-around-changes.ts";
import { FAULTS_IN_ACCESS } from "./faults-in-access.ts";
import { FAULTS_IN_ANSWERS } from "./faults-in-answers.ts";
import { FAULTS_IN_CLIENT_MESSAGES } from "./faults-in-client-messages.ts";
import { FAULTS_IN_COMPRESSION } from "./faults-in-compression.ts";
import { FAULTS_IN_COUNTS } from "./faults-in-counts.ts";
import { FAULTS_IN_EVENTS } from "./faults-in-events.ts";
import { FAULTS_IN_HISTORY } from "./faults-in-history.ts";
import { FAULTS_IN_NAMES } from "./faults-in-names.ts";
import { FAULTS_IN_NEWEST_EVENTS } from "./faults-in-newest-events.ts";
import { FAULTS_IN_ORIGINS } from "./faults-in-origins.ts";
import { FAULTS_IN_QUERIES } from "./faults-in-queries.ts";
import { FAULTS_IN_REMOVAL } from "./faults-in-removal.ts";
import { FAULTS_IN_TOKENS } from "./faults-in-tokens.ts";
import type { SeededFault } from "./seeded-fault.ts";

export const SEEDED_FAULTS: readonly SeededFault[] = [
  ...FAULTS_IN_TOKENS,
  ...FAULTS_IN_ACCESS,
  ...FAULTS_AROUND_CHANGES,
  ...FAULTS_IN_CLIENT_MESSAGES,
  ...FAULTS_IN_ORIGINS,
  ...FAULTS_IN_EVENTS,
  ...FAULTS_IN_NAMES,
  ...FAULTS_IN_HISTORY,
  ...FAULTS_IN_QUERIES,
  ...FAULTS_IN_NEWEST_EVENTS,
  ...FAULTS_IN_ANSWERS,
  ...FAULTS_IN_REMOVAL,
  ...FAULTS_IN_COMPRESSION,
  ...FAULTS_IN_COUNTS,
];
