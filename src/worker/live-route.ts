// `/live`: a static page, with headers that let it run only what this server serves.

const HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

export async function livePage(request: Request, env: Cloudflare.Env): Promise<Response> {
  const asset = await env.ASSETS.fetch(request);
  const reply = new Response(asset.body, asset);
  for (const [name, value] of Object.entries(HEADERS)) reply.headers.set(name, value);
  return reply;
}
