/** Sockets under what clients may ask and send: cursors of every kind, frames that are none, too many, too large. */
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

interface Frame {
  readonly kind: string;
  readonly seq?: number;
  readonly code?: string;
  readonly llm_message?: { readonly content: readonly { readonly text: string }[] };
}

let scripted: ScriptedServer;
let id: string;

beforeAll(async () => {
  scripted = await startScriptedServer({ responder: () => new Promise(() => undefined) });
  ({ id } = await scripted.server.client.conversations.create());
  for (const content of ["one", "two", "three"])
    await scripted.server.client.events.send(id, { content, run: false });
});

afterAll(async () => await scripted[Symbol.asyncDispose]());

const address = (noun: string, query: string): string =>
  `${scripted.server.url.replace("http", "ws")}/sockets/${noun}/${id}?${query}`;

/** What it says, in order, and a way to wait for the part that is wanted. */
function listen(query: string, noun = "events") {
  const socket = new WebSocket(address(noun, query), {
    headers: { "x-session-api-key": scripted.server.key },
  });
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  socket.on("message", (data: Buffer, isBinary) => {
    if (!isBinary) frames.push(JSON.parse(data.toString()) as Frame);
    for (const check of waiting) check();
  });
  const until = async (isThere: () => boolean): Promise<void> =>
    await new Promise((resolve, reject) => {
      const check = (): void => {
        if (isThere()) resolve();
      };
      waiting.add(check);
      socket.once("error", reject);
      socket.once("close", (code) => reject(new Error(`closed with ${code}`)));
      check();
    });
  const seqs = (): number[] => frames.flatMap(({ seq }) => seq ?? []);
  return { socket, frames, seqs, until };
}

const lastSeq = async (): Promise<number> => (await scripted.server.client.conversations.get(id)).last_seq;

async function statusOf(query: string): Promise<unknown> {
  const { socket } = listen(query);
  socket.on("error", () => undefined);
  const [, answer] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
  socket.terminate();
  return answer.statusCode;
}

describe("a cursor", () => {
  it("before the beginning, in the middle, at the end and beyond it: each gets what is after it, and what comes", async () => {
    const last = await lastSeq();
    const all = Array.from({ length: last + 1 }, (_, seq) => seq);
    const expected: readonly (readonly [string, readonly number[]])[] = [
      ["after_seq=-1", all],
      ["after_seq=-99", all],
      ["resend_mode=all", all],
      ["resend_all=true", all],
      ["after_seq=0", all.slice(1)],
      [`after_seq=${last - 1}`, [last]],
      [`after_seq=${last}`, []],
      [`after_seq=${last + 1000}`, []],
      ["after_seq=99999999999999999999", []],
      ["", []],
    ];
    const listeners = expected.map(([query]) => listen(query));
    for (const { until, frames } of listeners) await until(() => frames.length > 0);
    await Promise.all(
      listeners.map(async ({ until, seqs }, index) =>
        until(() => seqs().length === expected[index]?.[1].length),
      ),
    );
    const { seq } = await scripted.server.client.events.send(id, { content: "four", run: false });
    for (const [index, { until, seqs, frames, socket }] of listeners.entries()) {
      await until(() => seqs().includes(seq));
      expect(frames[0]?.kind).toBe("ConversationStateUpdateEvent");
      expect(seqs(), expected[index]?.[0]).toEqual([...(expected[index]?.[1] ?? []), seq]);
      socket.terminate();
    }
  });

  it("that is none is refused, not taken for another", async () => {
    for (const query of ["after_seq=abc", "after_seq=1.5", "after_seq=1e3", "after_seq=null"])
      expect(await statusOf(query), query).toBe(422);
    expect(await statusOf("resend_mode=since&after_timestamp=yesterday")).toBe(422);
    expect(await statusOf("resend_mode=everything")).toBe(422);
  });
});

describe("a frame", () => {
  it("that is no message is told so, text or binary, and the next one is heard", async () => {
    const { socket, frames, until } = listen("");
    await until(() => frames.length > 0);
    const garbage = [
      "",
      "garbage",
      "{",
      "[]",
      "null",
      "7",
      '{"content":7}',
      '{"role":"user"}',
      `${"[".repeat(10_000)}${"]".repeat(10_000)}`,
      Buffer.from([0, 255, 1, 254]),
      Buffer.alloc(0),
    ];
    for (const frame of garbage) socket.send(frame);
    const refusals = (): Frame[] => frames.filter(({ kind }) => kind === "ServerErrorEvent");
    await until(() => refusals().length === garbage.length);
    expect(new Set(refusals().map(({ code }) => code))).toEqual(new Set(["invalid"]));
    const texts = Array.from({ length: 50 }, (_, index) => `message ${index}`);
    for (const [index, content] of texts.entries()) {
      const message = JSON.stringify({ role: "user", content });
      socket.send(index % 2 === 0 ? message : Buffer.from(message));
    }
    const said = (): string[] =>
      frames.flatMap(({ kind, llm_message: message }) =>
        kind === "MessageEvent" ? (message?.content.map(({ text }) => text) ?? []) : [],
      );
    await until(() => said().length === texts.length);
    expect(said()).toEqual(texts);
    socket.terminate();
  });

  it("that shows a key once more, the right one or another, is passed over", async () => {
    const { socket, frames, until } = listen("");
    await until(() => frames.length > 0);
    for (const key of [scripted.server.key, "wrong"])
      socket.send(JSON.stringify({ type: "auth", session_api_key: key }));
    socket.send(JSON.stringify({ role: "user", content: "after the keys" }));
    await until(() => frames.some((frame) => JSON.stringify(frame).includes("after the keys")));
    expect(frames.filter(({ kind }) => kind === "ServerErrorEvent")).toEqual([]);
    socket.terminate();
  });

  it("that is larger than any message ends its socket alone", async () => {
    const { socket, frames, until } = listen("");
    const other = listen("");
    await until(() => frames.length > 0);
    const closed = once(socket, "close");
    socket.send("x".repeat(33 * 1024 * 1024), () => undefined);
    socket.on("error", () => undefined);
    expect((await closed)[0]).toBe(1009);
    const { seq } = await scripted.server.client.events.send(id, { content: "still here", run: false });
    await other.until(() => other.seqs().includes(seq));
    other.socket.terminate();
  });

  it("of somebody without access is not kept, however many come before the door is shut", async () => {
    const { hostname, port } = new URL(scripted.server.url);
    const body = Buffer.alloc(1024 * 1024);
    // final, binary; masked with zeros
    const head = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0]);
    const frame = Buffer.concat([head, body]);
    const before = await memory();
    const socket = connect(Number(port), hostname).on("error", () => undefined);
    const closed = once(socket, "close");
    socket.resume();
    const handshake = [
      "Host: localhost",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
    ];
    const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    socket.write([`GET /sockets/events/${id} HTTP/1.1`, ...handshake, key, "", ""].join("\r\n"));
    let most = before;
    for (let count = 0; count < 400 && !socket.destroyed; count += 1) {
      await new Promise((resolve) => socket.write(frame, resolve));
      if (count % 50 === 0) most = Math.max(most, await memory());
    }
    most = Math.max(most, await memory());
    socket.destroy();
    await closed;
    expect(most - before).toBeLessThan(200);
  });
});

describe("a terminal", () => {
  it("of a size that is none has the usual one, and what is no frame of it is passed over", async () => {
    for (const query of ["cols=0&rows=-1", "cols=abc&rows=1e9", "", "cols=1.5&rows=99999"]) {
      const { socket, frames, until } = listen(query, "terminal");
      await until(() => frames.length > 0);
      let shown = "";
      socket.on("message", (data: Buffer, isBinary) => (shown += isBinary ? data.toString() : ""));
      const garbage = [
        "",
        "garbage",
        "null",
        '{"type":"resize"}',
        '{"type":"resize","cols":0,"rows":0}',
        '{"type":"resize","cols":1e9,"rows":10}',
        '{"type":"other"}',
      ];
      for (const frame of garbage) socket.send(frame);
      socket.send(Buffer.from("stty size; exit\n"));
      await once(socket, "close");
      expect(shown, query).toMatch(/24 80\r\n/);
    }
  });
});

/** In megabytes, of the server. */
async function memory(): Promise<number> {
  const { url, key } = scripted.server;
  const text = await (await fetch(`${url}/metrics`, { headers: { "x-session-api-key": key } })).text();
  return Number(/^process_resident_memory_bytes (\d+)$/m.exec(text)?.[1]) / 2 ** 20;
}
