import type { AddressInfo } from "node:net";
import type { StoredEvent, TransientEvent } from "@openhands/protocol";
import { afterEach, expect, test } from "vitest";
import { type WebSocket as ServerSocket, WebSocketServer } from "ws";
import { type EventFollower, followEvents, type FollowState } from "./follow-events.ts";
import type { StopReason } from "./stop-reason.ts";

const backoff = { first: 1, longest: 4 };
const id = "0123456789abcdef0123456789abcdef";

interface Connection {
  readonly socket: ServerSocket;
  readonly afterSeq: number;
  readonly frames: string[];
}

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A real socket server; `onConnection` gets each connection with its number, from 0. */
async function serve(onConnection: (connection: Connection, number: number) => void) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const connections: Connection[] = [];
  server.on("connection", (socket, request) => {
    const url = new URL(request.url ?? "", "http://server");
    const connection = {
      socket,
      afterSeq: Number(url.searchParams.get("after_seq")),
      frames: [] as string[],
    };
    socket.on("message", (data) => {
      if (data instanceof Buffer) connection.frames.push(data.toString());
    });
    connections.push(connection);
    onConnection(connection, connections.length - 1);
  });
  await new Promise((resolve) => server.once("listening", resolve));
  cleanups.push(async () => {
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections };
}

const frame = (seq: number): string =>
  JSON.stringify({ id: `e${seq}`, seq, timestamp: "t", source: "agent", kind: "SomeEvent" });
const delta = (content: string): string =>
  JSON.stringify({ id: "d", timestamp: "t", source: "agent", kind: "StreamingDeltaEvent", content });

/** Follows, keeps everything told, and resolves `until` as soon as its condition holds. */
function follow(baseUrl: string, options: { afterSeq?: number; sessionApiKey?: string } = {}) {
  const seqs: number[] = [];
  const transient: TransientEvent[] = [];
  const states: FollowState[] = [];
  const stops: StopReason[] = [];
  const waiters = new Set<() => void>();
  const changed = (): void => waiters.forEach((check) => check());
  const push = <T>(list: T[], value: T): void => {
    list.push(value);
    changed();
  };
  const follower: EventFollower = followEvents({
    client: { baseUrl, sessionApiKey: options.sessionApiKey },
    conversationId: id,
    afterSeq: options.afterSeq ?? -1,
    backoff,
    onEvent: (event: StoredEvent) => push(seqs, event.seq),
    onTransient: (event) => push(transient, event),
    onState: (state) => push(states, state),
    onStop: (reason) => push(stops, reason),
  });
  cleanups.push(() => follower.close());
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        waiters.delete(check);
        resolve();
      };
      waiters.add(check);
      check();
    });
  return { follower, seqs, transient, states, stops, until };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, seq) => seq);

test("asks for what comes after the last known event", async () => {
  const { baseUrl, connections } = await serve(({ socket, afterSeq }) => socket.send(frame(afterSeq + 1)));
  const told = follow(baseUrl, { afterSeq: 41 });
  await told.until(() => told.seqs.length === 1);
  expect(told.seqs).toEqual([42]);
  expect(connections[0]?.afterSeq).toBe(41);
  expect(told.follower.lastSeq).toBe(42);
});

test("tells everything once and in order through many cuts, replays and duplicates", async () => {
  const total = 200;
  const { baseUrl, connections } = await serve(({ socket, afterSeq }, number) => {
    // Each connection repeats some of what is known, goes on a little, and breaks off: cleanly or not.
    const from = Math.max(0, afterSeq + 1 - (number % 3));
    const to = Math.min(total, afterSeq + 1 + 7);
    for (let seq = from; seq < to; seq += 1) {
      socket.send(frame(seq));
      if (seq % 5 === 0) socket.send(frame(seq));
    }
    if (to === total) return;
    if (number % 2 === 0) socket.close(number % 4 === 0 ? 1012 : 1013);
    else socket.send(delta("cut"), () => socket.terminate());
  });
  const told = follow(baseUrl);
  await told.until(() => told.seqs.length >= total);
  expect(told.seqs).toEqual(upTo(total));
  expect(connections.length).toBeGreaterThan(20);
  expect(told.states.filter((state) => state === "waiting").length).toBe(connections.length - 1);
});

test("a gap in the numbers is no reason to stop", async () => {
  const { baseUrl } = await serve(({ socket }) => [0, 5, 3, 6].forEach((seq) => socket.send(frame(seq))));
  const told = follow(baseUrl);
  await told.until(() => told.seqs.includes(6));
  expect(told.seqs).toEqual([0, 5, 6]);
});

test("transient frames and unreadable ones are told beside the log", async () => {
  const { baseUrl } = await serve(({ socket }) => {
    socket.send(delta("so far"));
    socket.send("not json");
    socket.send(frame(0));
  });
  const told = follow(baseUrl);
  await told.until(() => told.seqs.length === 1);
  expect(told.transient).toMatchObject([{ content: "so far" }, { code: "unreadable_frame" }]);
});

test("states are told: connecting, open, waiting, and again", async () => {
  const { baseUrl } = await serve(({ socket }, number) => {
    if (number === 0) socket.close(1012);
    else socket.send(frame(0));
  });
  const told = follow(baseUrl);
  await told.until(() => told.seqs.length === 1);
  expect(told.states).toEqual(["connecting", "open", "waiting", "connecting", "open"]);
});

test.each([
  [4001, "access"],
  [4004, "unknown_conversation"],
] as const)("close code %i ends it and tells why", async (code, reason) => {
  const { baseUrl, connections } = await serve(({ socket }) => socket.close(code));
  const told = follow(baseUrl);
  await told.until(() => told.stops.length === 1);
  expect(told.stops).toEqual([reason]);
  expect(told.states).not.toContain("waiting");
  expect(connections.length).toBe(1);
});

test("outside a browser the key is the first frame", async () => {
  const { baseUrl, connections } = await serve(({ socket }) =>
    socket.once("message", () => socket.send(frame(0))),
  );
  const told = follow(baseUrl, { sessionApiKey: "secret" });
  await told.until(() => told.seqs.length === 1);
  expect(connections[0]?.frames.map((text): unknown => JSON.parse(text))).toEqual([
    { type: "auth", session_api_key: "secret" },
  ]);
});

test("after close nothing is told and nothing is opened", async () => {
  const closed = Promise.withResolvers<void>();
  const { baseUrl, connections } = await serve(({ socket }) => {
    socket.send(frame(0));
    socket.once("close", () => closed.resolve());
  });
  const told = follow(baseUrl);
  await told.until(() => told.seqs.length === 1);
  told.follower.close();
  connections[0]?.socket.send(frame(1));
  await closed.promise;
  expect(told.seqs).toEqual([0]);
  expect(told.states).toEqual(["connecting", "open"]);
  expect(connections.length).toBe(1);
});
