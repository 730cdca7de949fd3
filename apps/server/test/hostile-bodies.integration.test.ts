/** Bodies that are JSON, or nearly, and meant to hurt: every call that takes one answers as for any other misfit. */
import { gzipSync } from "node:zlib";
import { temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import * as z from "zod";
import { startServerProcess } from "./server-process.ts";

const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ requestBody: z.unknown().optional() }))),
});

const deep = (open: string, inside: string, close: string): string =>
  open.repeat(20_000) + inside + close.repeat(20_000);
const halfCharacter = "\\ud800".repeat(8);
const fields = (text: string): string =>
  `{"content":"${text}","title":"${text}","tags":{"a":"${text}"},"name":"${text}","value":"${text}","path":"${text}",` +
  `"reason":"${text}","accept":true,"llm":{"model":"${text}"},"workspace":{"working_dir":"/${text}"}}`;

const bodies: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>> = {
  "deep arrays": deep("[", "", "]"),
  "deep objects": deep('{"content":', "1", "}"),
  "numbers past every limit": `{"max_iterations":1e400,"max_budget":-1e999,"run":${"9".repeat(500)}}`,
  "half a character": fields(halfCharacter),
  "a NUL": fields("a\\u0000b"),
  "names that objects have": `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"content":"x","tags":{"__proto__":"x"},"secrets":{"__proto__":"a long value","toString":"a long value"}}`,
  "ten megabytes of text": fields("x".repeat(1_500_000)),
  "bytes that are no UTF-8": new Uint8Array([
    ...Buffer.from('{"content":"'),
    0xff,
    0xfe,
    ...Buffer.from('"}'),
  ]),
  "UTF-16": new Uint8Array(Buffer.from('\ufeff{"content":"x"}', "utf16le")),
  compressed: new Uint8Array(gzipSync('{"content":"x"}')),
  nothing: "",
  "fifty thousand fields": JSON.stringify(
    Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, n])),
  ),
};

it("no call of the document answers 500 to any of them, and the server goes on", async () => {
  await using home = await temporaryHome();
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const { id } = await server.client.conversations.create();
  const { paths } = Document.parse(await (await fetch(`${server.url}/openapi.json`)).json());
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { requestBody }]) => requestBody !== undefined)
      .map(([method]) => ({
        method: method.toUpperCase(),
        path: path.replace("{id}", id).replaceAll(/\{\w+\}/g, "1"),
      })),
  );
  expect(calls.length).toBeGreaterThan(10);
  const wrong: string[] = [];
  for (const [kind, body] of Object.entries(bodies)) {
    for (const { method, path } of calls) {
      const headers = { "x-session-api-key": server.key, "content-type": "application/json" };
      const answer = await fetch(`${server.url}${path}`, { method, headers, body });
      const text = await answer.text();
      const told = answer.ok || /^\{"detail":".+","code":"\w+"\}$/s.test(text);
      if (answer.status === 500 || !told)
        wrong.push(`${method} ${path}, ${kind}: ${answer.status} ${text.slice(0, 200)}`);
    }
  }
  expect(wrong, server.log().slice(-3000)).toEqual([]);
  expect((await server.client.server.health()).status).toBe("ok");
  expect(await server.client.conversations.get(id)).toMatchObject({ id });
  expect(server.log()).not.toMatch(/"level":50/);
});
