import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type Duplex, duplexPair } from "node:stream";
import { expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { Heartbeat } from "../sockets/heartbeat.ts";
import { FrameEdges } from "./frame-edges.ts";
import { PreviewSocket } from "./preview-socket.ts";

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

/** A WebSocket server as in a sandbox, and in front of it what forwards whole connections by preview sockets. */
async function startTunnel(onTunnel: (socket: PreviewSocket) => void) {
  const inside = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(inside, "listening");
  const front = createServer((browser) => {
    const link = connect(portOf(inside), "127.0.0.1");
    void passHandshake(browser, link).then(() => onTunnel(new PreviewSocket(browser, link)));
  }).listen(0, "127.0.0.1");
  await once(front, "listening");
  return { inside, front, url: `ws://127.0.0.1:${portOf(front)}` };
}

async function passHandshake(browser: Socket, link: Socket): Promise<void> {
  const head = async (from: Duplex, to: Duplex): Promise<void> => {
    const [bytes] = (await once(from, "data")) as [Buffer];
    from.pause();
    to.write(bytes);
  };
  await head(browser, link);
  await head(link, browser);
}

it("a browser is asked between frames whether it is there; one that says nothing is left, and what is inside is told", async () => {
  let beat = (): void => undefined;
  const heartbeat = new Heartbeat({ every: (_, act) => ((beat = act), () => undefined) });
  const tunnels: PreviewSocket[] = [];
  const { inside, front, url } = await startTunnel((socket) => {
    tunnels.push(socket);
    heartbeat.watch(socket);
  });
  const alive = new WebSocket(url);
  const [[ofAlive]] = (await Promise.all([once(inside, "connection"), once(alive, "open")])) as [
    [WebSocket],
    unknown,
  ];
  const dead = new WebSocket(url, { autoPong: false });
  await once(dead, "open");
  const heard: string[] = [];
  alive.on("message", (data: Buffer) => heard.push(data.toString("utf8")));
  const [first] = tunnels;
  if (first === undefined) throw new Error("nothing is forwarded");
  const asked = [once(alive, "ping"), once(dead, "ping"), once(first, "pong")];
  beat();
  await Promise.all(asked);
  const left = once(dead, "close");
  const again = once(first, "pong");
  beat();
  await again;
  expect((await left)[0]).toBe(1006);
  // what is said goes on as it was, in frames of every size
  const texts = ["", "x".repeat(125), "y".repeat(126), "z".repeat(70_000)];
  const all = new Promise<void>((resolve) =>
    alive.on("message", () => heard.length === texts.length && resolve()),
  );
  for (const text of texts) ofAlive.send(text);
  beat();
  await all;
  expect(heard).toEqual(texts);
  ofAlive.send("the last word");
  ofAlive.close(4321, "bye");
  expect((await once(alive, "close"))[0]).toBe(4321);
  expect(heard.at(-1)).toBe("the last word");
  heartbeat.stop();
  front.close();
  inside.close();
});

it("at a restart a browser is told to come back", async () => {
  const tunnels: PreviewSocket[] = [];
  const { inside, front, url } = await startTunnel((socket) => tunnels.push(socket));
  const browser = new WebSocket(url);
  const [[ofBrowser]] = (await Promise.all([once(inside, "connection"), once(browser, "open")])) as [
    [WebSocket],
    unknown,
  ];
  const left = [once(browser, "close"), once(ofBrowser, "close")];
  for (const tunnel of tunnels) tunnel.restart();
  expect((await Promise.all(left)).map(([code]) => code as number)).toEqual([1012, 1006]);
  front.close();
  inside.close();
});

it("at a restart a browser that is told something is cut in the middle of it", async () => {
  const [browser, seen] = duplexPair();
  const [link, inside] = duplexPair();
  const tunnel = new PreviewSocket(browser, link);
  // the head of a frame of 100 bytes, and two of them
  const begun = Buffer.from([0x81, 100, 0x61, 0x61]);
  inside.write(begun);
  expect((await once(seen, "data"))[0]).toEqual(begun);
  const heard: unknown[] = [];
  seen.on("data", (chunk) => heard.push(chunk));
  const left = once(tunnel, "close");
  tunnel.restart();
  await left;
  expect([browser.destroyed, link.destroyed, heard]).toEqual([true, true, []]);
});

it("the edges of frames are found however they are cut", () => {
  const frame = (length: number): Buffer => {
    const head =
      length < 126
        ? Buffer.from([0x82, length])
        : length < 65_536
          ? Buffer.from([0x82, 126, length >> 8, length & 255])
          : Buffer.concat([Buffer.from([0x82, 127, 0, 0, 0, 0]), Buffer.from([0, 1, 17, 112])]);
    return Buffer.concat([head, Buffer.alloc(length)]);
  };
  const frames = [0, 1, 125, 126, 300, 70_000].map(frame);
  const edges = frames.map((_, index) => Buffer.concat(frames.slice(0, index + 1)).length);
  for (const piece of [1, 2, 3, 7, 64, 1000]) {
    const found: number[] = [];
    const passing = new FrameEdges();
    const bytes = Buffer.concat(frames);
    for (let at = 0; at < bytes.length; at += piece) {
      passing.pass(bytes.subarray(at, at + piece));
      if (passing.isBetween) found.push(Math.min(at + piece, bytes.length));
    }
    expect(found).toEqual(edges.filter((edge) => edge % piece === 0 || edge === bytes.length));
  }
});
