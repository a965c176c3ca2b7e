// Pages that are static files, each with its own policy.

const NO_CODE = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

/** Allows only scripts of this server, and event data only as text. */
const LIVE = [
  ...NO_CODE,
  "script-src 'self'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'", // an assignment to innerHTML throws
  "trusted-types 'none'",
];

/** `/live` */
export const livePage = page(LIVE);

/** `/errors`: what each problem means, made from the table of problems by the build. */
export const errorsPage = page(NO_CODE);

function page(policy: readonly string[]) {
  return async (request: Request, env: Cloudflare.Env): Promise<Response> => {
    const asset = await env.ASSETS.fetch(request);
    const reply = new Response(asset.body, asset);
    reply.headers.set("Content-Security-Policy", policy.join("; "));
    return reply;
  };
}
