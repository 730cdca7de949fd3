/** `/docs`: the OpenAPI document as a page for people. Made of nothing from elsewhere, without a script. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { html } from "hono/html";
import * as z from "zod";

const Operation = z.looseObject({
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).default([]),
  responses: z.record(z.string(), z.looseObject({ description: z.string() })),
});
const Document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

const style = `
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color-scheme: light dark }
  table { border-collapse: collapse; width: 100% } td { border-top: 1px solid #8884; padding: .4rem .6rem .4rem 0; vertical-align: top }
  code { font: 13px ui-monospace, monospace }`;

export function docsPage(app: OpenAPIHono, document: () => unknown): void {
  app.get("/docs", (c) => {
    const { paths } = Document.parse(document());
    const rows = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => row(method, path, operation)),
    );
    return c.html(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <title>OpenHands: the API</title>
            <style>
              ${style}
            </style>
          </head>
          <body>
            <h1>The API of OpenHands</h1>
            <p>
              Programs send the session key as <code>X-Session-API-Key</code>. Errors are
              <code>{detail, code}</code>. Bodies and answers are in <a href="openapi.json">openapi.json</a>.
            </p>
            <table>
              ${rows}
            </table>
          </body>
        </html>`,
    );
  });
}

function row(method: string, path: string, { parameters, responses }: z.infer<typeof Operation>) {
  const query = parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
  const [good] = Object.entries(responses).filter(([status]) => status.startsWith("2"));
  return html`<tr>
    <td><code>${method.toUpperCase()}</code></td>
    <td><code>${path}${query.length === 0 ? "" : `?${query.join("&")}`}</code></td>
    <td>${good?.[1].description ?? ""}</td>
  </tr>`;
}
