// `/live`: a static page, with a policy that allows only scripts of this server, and event data only as text.

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'", // an assignment to innerHTML throws
  "trusted-types 'none'",
].join("; ");

export async function livePage(request: Request, env: Cloudflare.Env): Promise<Response> {
  const asset = await env.ASSETS.fetch(request);
  const reply = new Response(asset.body, asset);
  reply.headers.set("Content-Security-Policy", POLICY);
  return reply;
}
