// The Worker of chaos: the built one, whose hub ends itself and whose clock is set when a test asks for it.
import worker, { Hub as BuiltHub } from "../../src/worker/index.ts"; // bundled as the built one (`chaos-server`)

export { ReactorApi } from "../../src/worker/index.ts";

/** As the platform gives it at a deploy. */
const REASON = "Durable Object reset because its code was updated.";

const RealDate = Date;

/** By how much the clock was ahead from when on, in real Unix time: the newest last. */
const settings = [{ fromMs: Number.NEGATIVE_INFINITY, aheadMs: 0 }];

function aheadMs(realMs = Number.POSITIVE_INFINITY): number {
  return settings.findLast(({ fromMs }) => fromMs <= realMs)?.aheadMs ?? 0;
}

class ShiftedDate extends RealDate {
  static override now(): number {
    return RealDate.now() + aheadMs();
  }

  constructor(...of: unknown[]) {
    super(...((of.length === 0 ? [ShiftedDate.now()] : of) as [number]));
  }
}

globalThis.Date = ShiftedDate as DateConstructor;

/** The runtime's alarms and pings have the real clock: alarms move with the hub's, and a ping keeps the time at which it came. */
function shift(ctx: DurableObjectState): void {
  const { storage } = ctx;
  const [get, set] = [storage.getAlarm.bind(storage), storage.setAlarm.bind(storage)];
  storage.getAlarm = async () => {
    const realMs = await get();
    return realMs === null ? null : realMs + aheadMs();
  };
  storage.setAlarm = (at) => set(Number(at) - aheadMs());
  const pinged = ctx.getWebSocketAutoResponseTimestamp.bind(ctx);
  ctx.getWebSocketAutoResponseTimestamp = (socket) => {
    const real = pinged(socket)?.getTime();
    return real === undefined ? null : new Date(real + aheadMs(real));
  };
}

export class Hub extends BuiltHub {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    shift(ctx);
    super(ctx, env);
  }

  override alarm(info?: AlarmInvocationInfo): void {
    super.alarm(info && { ...info, scheduledTime: Number(info.scheduledTime) + aheadMs() });
  }

  abort(): void {
    this.ctx.abort(REASON);
  }
}

export default {
  async fetch(request, env, ctx): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/chaos/abort") {
      const hub = env.HUB.getByName("main") as unknown as { abort(): Promise<void> };
      await hub.abort().catch(() => {}); // it ends in the call
      return new Response();
    }
    if (pathname === "/chaos/clock") {
      settings.push({ fromMs: RealDate.now(), aheadMs: Number(searchParams.get("ahead_ms")) });
      return new Response();
    }
    return worker.fetch(request, env, ctx);
  },
} satisfies ExportedHandler<Cloudflare.Env>;
