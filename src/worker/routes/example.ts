// `/examples/hello.html`: README's page, which names the hub of `npm start`. As served, its script is from this hub, and the
// policy allows that one inline script by its hash.

/** Where README's pages expect the hub. */
const README_HUB = "http://localhost:8787";

export async function helloPage({ url }: Request, env: Cloudflare.Env): Promise<Response> {
  const asset = await env.ASSETS.fetch(new URL("/examples/hello", url)); // under `.html` it would be a redirect
  const html = (await asset.text()).replaceAll(README_HUB, "");
  const [, script = ""] = /<script type="module">([\s\S]*)<\/script>/.exec(html) ?? [];
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(script)));
  const allowed = `'self' 'sha256-${btoa(String.fromCharCode(...hash))}'`;
  const policy = `default-src 'none'; script-src ${allowed}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return new Response(html, {
    headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy },
  });
}
