// All benches, in the order in which they run.
import type { Bench } from "./bench.ts";
import { channels } from "./rows/channels.ts";
import { pages, sdk } from "./rows/clients.ts";
import { liveConsole } from "./rows/console.ts";
import { emit64 } from "./rows/emit-64.ts";
import { emitBatch } from "./rows/emit-batch.ts";
import { emitIds } from "./rows/emit-ids.ts";
import { emitSingle } from "./rows/emit-single.ts";
import { fair } from "./rows/fair.ts";
import { fanout8 } from "./rows/fanout-8.ts";
import { fanout64 } from "./rows/fanout-64.ts";
import { fanoutBatch } from "./rows/fanout-batch.ts";
import { fanoutLegacy } from "./rows/fanout-legacy.ts";
import { generator } from "./rows/generator.ts";
import { growthLog } from "./rows/growth-log.ts";
import { growthSockets } from "./rows/growth-sockets.ts";
import { hostile } from "./rows/hostile.ts";
import { idle } from "./rows/idle.ts";
import { memory } from "./rows/memory.ts";
import { offer8, offer64 } from "./rows/offer.ts";
import { open20, open20At9000, open100, open300, openAtRate } from "./rows/open.ts";
import { peers8, peers64 } from "./rows/peers.ts";
import { privateFeeds } from "./rows/private-feeds.ts";
import { quiet } from "./rows/quiet.ts";
import { reconnect } from "./rows/reconnect.ts";
import { render } from "./rows/render.ts";
import { replay } from "./rows/replay.ts";
import { route } from "./rows/route.ts";
import { stalled } from "./rows/stalled.ts";
import { storage } from "./rows/storage.ts";
import { subscriptions } from "./rows/subscriptions.ts";
import { wake } from "./rows/wake.ts";

export const BENCHES: readonly Bench[] = [
  generator,
  fanout8,
  fanout64,
  fanoutBatch,
  fanoutLegacy,
  offer8,
  offer64,
  pages,
  sdk,
  render,
  liveConsole,
  quiet,
  emitBatch,
  emitIds,
  emitSingle,
  emit64,
  route,
  storage,
  reconnect,
  replay,
  memory,
  wake,
  growthSockets,
  growthLog,
  subscriptions,
  privateFeeds,
  idle,
  stalled,
  fair,
  hostile,
  peers8,
  peers64,
  open20,
  open100,
  open300,
  open20At9000,
  channels,
  openAtRate,
];

/** Names of several benches together. */
export const SETS: Readonly<Record<string, readonly Bench[]>> = {
  peers: [peers8, peers64, open20, open100, open300, open20At9000],
};
