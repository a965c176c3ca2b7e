// The hub's counters, fetched on connect and on request: polling would keep the hub awake.
import { useCallback, useEffect, useState } from "react";
import { useConnectionState } from "../../react/index.ts";
import type { Entry } from "../visit/visit.ts";
import { NONE, Reading } from "../words/reading.tsx";
import { askCounts, type Counted } from "./hub-counts.ts";

export function HubPanel({ entry: { reactor, credential }, channel }: { entry: Entry; channel: string | null }) {
  const isConnected = useConnectionState(reactor) === "connected";
  const [counted, setCounted] = useState<Counted | null>(null);
  const count = useCallback(async () => setCounted(await askCounts(credential, channel)), [credential, channel]);

  useEffect(() => {
    if (isConnected) void count();
  }, [isConnected, count]);

  const counts = counted?.ok ? counted.counts : null;
  return (
    <section className="panel hub">
      <h2>Hub</h2>
      <dl data-reactor="hub-counts">
        <Reading name="Connected">{counts?.connected ?? NONE}</Reading>
        <Reading name="Catching up">{counts?.catchingUp ?? NONE}</Reading>
        <Reading name="Emitted">{counts?.emitted ?? NONE}</Reading>
        <Reading name="Kept">{counts?.kept ?? NONE}</Reading>
        <Reading name="Size">{sizeText(counts?.bytesKept ?? null)}</Reading>
      </dl>
      <span role="status">{counted && !counted.ok && counted.detail}</span>
      <button type="button" data-reactor="count-again" disabled={!isConnected} onClick={() => void count()}>
        Count again
      </button>
    </section>
  );
}

function sizeText(bytes: number | null): string {
  if (bytes === null) return NONE;
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
