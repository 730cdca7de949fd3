/** Whatever is sent to any call of the OpenAPI document, the answer is never that the server itself failed. */
import { temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import * as z from "zod";
import { Fuzz } from "./fuzz.ts";
import { startServerProcess } from "./server-process.ts";

const rounds = 20;
const atOnce = 8;

const SchemaObject = z.record(z.string(), z.unknown());
const Operation = z.looseObject({
  parameters: z
    .array(z.looseObject({ name: z.string(), in: z.string(), schema: SchemaObject.default({}) }))
    .default([]),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: SchemaObject.default({}) })) })
    .optional(),
});
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: z.infer<typeof Operation>;
}

/** These would end what the test stands on, or leave the machine. */
const leftOut = new Set(["post /api/auth/sign-out"]);

/** A request whose body is text. */
type TextRequest = Omit<RequestInit, "body"> & { body?: string };

function requestFor(
  fuzz: Fuzz,
  { method, path, operation }: Call,
  id: string,
): { path: string; init: TextRequest } {
  const query = new URLSearchParams();
  let address = path.replace(
    "{id}",
    fuzz.number(5) === 0 ? encodeURIComponent(fuzz.text().toWellFormed()) : id,
  );
  for (const parameter of operation.parameters) {
    const text = String(fuzz.value(parameter.schema));
    if (parameter.in === "path")
      address = address.replace(`{${parameter.name}}`, encodeURIComponent(text.toWellFormed()) || "x");
    else if (parameter.in === "query" && fuzz.number(2) === 0) query.append(parameter.name, text);
  }
  const content = Object.entries(operation.requestBody?.content ?? {})[0];
  const init: TextRequest = { method: method.toUpperCase() };
  if (content !== undefined) {
    const [type, { schema }] = content;
    init.headers = {
      "content-type": fuzz.number(10) === 0 ? fuzz.pick(["text/plain", "multipart/form-data"]) : type,
    };
    init.body = fuzz.number(12) === 0 ? fuzz.text() : JSON.stringify(fuzz.value(schema));
  }
  const search = query.toString();
  return { path: search === "" ? address : `${address}?${search}`, init };
}

/** Files and archives, which come as they are read from a sandbox. */
const streams = /\/(export|download|file|download-trajectory\/\{id\})$/;

const deletes = ({ method, path }: Call): boolean =>
  method === "delete" && path === "/api/conversations/{id}";

/** null: an answer as it should be */
async function faultOf(url: string, init: RequestInit): Promise<string | null> {
  try {
    const answer = await fetch(url, init);
    const text = await answer.text();
    const isError = answer.status >= 400;
    const told = /^\{"detail":".+","code":"\w+"\}$/s.test(text);
    return answer.status === 500 || (isError && !told) ? `${answer.status} ${text.slice(0, 300)}` : null;
  } catch (error) {
    return String(error instanceof Error ? (error.cause ?? error) : error);
  }
}

it("no body, query or path makes any call of the document answer 500", async () => {
  await using home = await temporaryHome();
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const { paths } = Document.parse(await (await fetch(`${server.url}/openapi.json`)).json());
  const calls = Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
    )
    .filter(({ method, path }) => !leftOut.has(`${method} ${path}`));
  expect(calls.length).toBeGreaterThan(40);
  const seed = Date.now() % 2 ** 31;
  const fuzz = new Fuzz(seed);
  const wrong: string[] = [];
  const { id } = await server.client.conversations.create();
  const attempts = Array.from({ length: rounds }, () => calls).flat();
  const waiting = attempts.values();
  const worker = async (): Promise<void> => {
    for (const call of waiting) {
      // the others are to find theirs as long as they last
      const own = deletes(call) ? (await server.client.conversations.create()).id : id;
      const { path, init } = requestFor(fuzz, call, own);
      const headers = { ...Object.fromEntries(new Headers(init.headers)), "x-session-api-key": server.key };
      const what = `${call.method} ${path.slice(0, 200)} ${(init.body ?? "").slice(0, 300)}`;
      const fault = await faultOf(`${server.url}${path}`, { ...init, headers });
      // an answer has begun when its sandbox is taken away by another call: all that can be said then is a cut
      if (fault !== null && !(fault.startsWith("SocketError") && streams.test(call.path)))
        wrong.push(`${what}: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  expect(wrong, `seed ${seed}\n${server.log().slice(-3000)}`).toEqual([]);
});
