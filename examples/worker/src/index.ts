// A shop: its orders are a live stream, and each that is paid has a mail. `/order` is its own, beside the hub's routes.
import { emit, hubWith, type ReactorEnv, route } from "pulse-reactor/worker";

interface Events {
  order_paid: { order: number };
  mail_sent: { order: number };
}

export class Hub extends hubWith<Events>((bus) => {
  bus.on("order_paid", ({ order }, { emit }) => emit("mail_sent", { order }));
}) {}

export default {
  async fetch(request, env, ctx) {
    const ours = await route(request, env, ctx);
    if (ours) return ours;
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/order") return new Response("There is /order?order=42.", { status: 404 });
    const order = Number(searchParams.get("order"));
    if (!Number.isSafeInteger(order) || order < 1) return new Response("Which order?", { status: 400 });
    const emitted = await emit<Events>(env, { type: "order_paid", data: { order }, id: `order-${order}-paid` });
    return Response.json(emitted, { status: emitted.ok ? 200 : 502 });
  },
} satisfies ExportedHandler<ReactorEnv>;
