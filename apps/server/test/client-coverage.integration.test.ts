/** Every call of the OpenAPI document can be made with the client, and the client makes no other. */
import { createClient } from "@openhands/client";
import { temporaryHome } from "@openhands/testing";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { startServerProcess } from "./server-process.ts";

const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.looseObject({}))) });

/** Second names, for V1's clients, of calls that have one of ours. */
const isSecondName = (call: string): boolean => / \/api\/(settings\/secrets|file\/)/.test(call);

const id = "0123456789abcdef0123456789abcdef";
const origin = "http://client.test";

/** Each call that the client can make, as `METHOD /path`, found by making all of them. */
async function callsOfClient(): Promise<string[]> {
  const calls: string[] = [];
  const fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const address = input instanceof Request ? input.url : String(input);
    calls.push(`${init?.method ?? "GET"} ${new URL(address).pathname}`);
    return Promise.resolve(new Response(null, { status: 599 }));
  };
  for (const method of functionsIn(createClient({ baseUrl: origin, fetch }))) {
    try {
      const address: unknown = await Reflect.apply(method, null, [id, id, {}]);
      if (typeof address === "string") calls.push(`GET ${new URL(address).pathname}`);
    } catch {
      continue; // it was answered with a failure, as all are here
    }
  }
  return calls;
}

function functionsIn(value: unknown): ((...args: unknown[]) => unknown)[] {
  if (typeof value === "function") return [(...args) => Reflect.apply(value, null, args)];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(functionsIn);
}

const pattern = (call: string): RegExp => new RegExp(`^${call.replaceAll(/\{\w+\}/g, "[^/]+")}$`);

describe("the client", () => {
  it("has a method for every call of the OpenAPI document, and none for another", async () => {
    await using home = await temporaryHome();
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
    const { paths } = Document.parse(await (await fetch(`${server.url}/openapi.json`)).json());
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        // sockets have clients of their own, and what a preview answers is nobody's schema
        .filter(([, operation]) => operation["x-socket"] !== true)
        .map(([method]) => `${method.toUpperCase()} ${path}`),
    );
    const made = await callsOfClient();
    const missing = documented.filter(
      (call) => !isSecondName(call) && !made.some((one) => pattern(call).test(one)),
    );
    expect(missing).toEqual([]);
    expect(made.filter((one) => !documented.some((call) => pattern(call).test(one)))).toEqual([]);
    expect(documented.length).toBeGreaterThan(30);
  });
});
