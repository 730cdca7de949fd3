import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { Heartbeat } from "./heartbeat.ts";

it("keeps a peer that answers and ends one that does not, a beat later", async () => {
  let beat = (): void => undefined;
  const heartbeat = new Heartbeat({ every: (_, act) => ((beat = act), () => undefined) });
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", (socket) => heartbeat.watch(socket));
  const address = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const join = async (autoPong: boolean): Promise<{ client: WebSocket; socket: WebSocket }> => {
    const client = new WebSocket(address, { autoPong });
    const [[socket]] = (await Promise.all([once(server, "connection"), once(client, "open")])) as [
      [WebSocket],
      unknown,
    ];
    return { client, socket };
  };
  const alive = await join(true);
  const dead = await join(false);
  const pinged = Promise.all([once(alive.socket, "pong"), once(dead.client, "ping")]);
  beat();
  await pinged;
  const ended = once(dead.socket, "close");
  beat();
  expect((await ended)[0]).toBe(1006);
  expect(alive.socket.readyState).toBe(WebSocket.OPEN);
  heartbeat.stop();
  alive.client.terminate();
  dead.client.terminate();
  server.close();
});
