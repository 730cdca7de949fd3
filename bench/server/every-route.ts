/** How long each call of the OpenAPI document takes, one at a time, with a sane request. */
import { once } from "node:events";
import { WebSocket } from "ws";
import * as z from "zod";
import { type Figure, milliseconds } from "../bench.ts";
import { disturbing, requests, type SaneRequest } from "./requests.ts";
import { setStage, type Stage } from "./stage.ts";

const samples = 12;
/** not counted */
const warmUp = 2;

const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

export async function everyRoute(): Promise<Figure[]> {
  await using stage = await setStage();
  const answer = await fetch(`${stage.server.url}/openapi.json`);
  const { paths } = Document.parse(await answer.json());
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  const ordered = calls.toSorted((a, b) => disturbing.indexOf(a) - disturbing.indexOf(b));
  const figures = new Map<string, Figure>();
  for (const call of ordered) figures.set(call, await measured(stage, call));
  return calls.flatMap((call) => figures.get(call) ?? []);
}

async function measured(stage: Stage, call: string): Promise<Figure> {
  const times: number[] = [];
  const statuses = new Set<number>();
  for (let count = 0; count < warmUp + samples; count += 1) {
    const request = (await requests[call]?.(stage)) ?? {};
    const began = performance.now();
    statuses.add(await answered(stage, call, request));
    times.push(performance.now() - began);
  }
  const what = `${call.replace(/^\w+/, (method) => method.toUpperCase())} → ${[...statuses].join(", ")}`;
  return { what, value: milliseconds(times.slice(warmUp)) };
}

/** @returns the status, once all of the answer has come; of a socket 101, once its first frame has */
async function answered(stage: Stage, call: string, request: SaneRequest): Promise<number> {
  const { url, key } = stage.server;
  const [method = "", path = ""] = call.split(" ");
  const values: Record<string, string> = { id: stage.id, ...request.path };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? name));
  const address = `${url}${filled}${request.query === undefined ? "" : `?${request.query}`}`;
  if (path.startsWith("/sockets/")) return await firstFrame(address.replace("http", "ws"), key);
  const isJson = request.body !== undefined;
  const answer = await fetch(address, {
    method: method.toUpperCase(),
    headers: { "x-session-api-key": key, ...(isJson ? { "content-type": "application/json" } : {}) },
    body: isJson ? JSON.stringify(request.body) : (request.raw?.() ?? null),
    redirect: "manual",
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function firstFrame(address: string, key: string): Promise<number> {
  const socket = new WebSocket(address, { headers: { "x-session-api-key": key } });
  await once(socket, "message");
  socket.terminate();
  return 101;
}
