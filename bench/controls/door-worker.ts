// The control of the route: the least that a Worker and a Durable Object do for an emit. It reads the body as text, passes it on by
// RPC, and answers with JSON; it checks nothing, parses nothing and stores nothing.
import { DurableObject } from "cloudflare:workers";

interface DoorEnv extends Omit<Cloudflare.Env, "HUB"> {
  readonly HUB: DurableObjectNamespace<Door>;
}

export class Door extends DurableObject<DoorEnv> {
  #seq = 0;

  emit(text: string): string {
    this.#seq += 1;
    return JSON.stringify({ cursor: `bench.${this.#seq}`, events: [{ seq: this.#seq, bytes: text.length }] });
  }
}

export default {
  async fetch(request: Request, env: DoorEnv): Promise<Response> {
    const answer = await env.HUB.getByName("main").emit(await request.text());
    return new Response(answer, { headers: { "Content-Type": "application/json" } });
  },
};
