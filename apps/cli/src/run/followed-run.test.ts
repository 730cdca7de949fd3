import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { createClient } from "@openhands/client";
import { expect, test } from "vitest";
import { FollowedRun } from "./followed-run.ts";

test("a server that can't be reached any more is a failure, not a wait for ever", async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  using run = new FollowedRun({
    client: createClient({ baseUrl: `http://127.0.0.1:${port}` }),
    WebSocket,
    conversationId: "0123456789abcdef0123456789abcdef",
    afterSeq: -1,
    printer: { event: () => undefined, transient: () => undefined },
    onNotice: () => undefined,
    lostAfterMs: 20,
  });
  await expect(run.ended).rejects.toThrow("can't be reached");
  server.close();
});
