import { temporaryHome } from "@openhands/testing";
import { probeConversation } from "../apps/server/test/conversation-probe.ts";
import { startServerProcess } from "../apps/server/test/server-process.ts";
import { type Bench, type Figure, milliseconds } from "./bench.ts";

const rounds = 8;

/** From POST to a sandbox that is ready, the image being there. */
export const ready: Bench = {
  name: "ready",
  promise: "conversation ready within 0.5 s in a new container",
  run: async () => [await measure("docker"), await measure("bubblewrap")],
};

async function measure(runtime: "docker" | "bubblewrap"): Promise<Figure> {
  await using home = await temporaryHome();
  await using server = await startServerProcess({ home: home.path, runtime });
  const times: number[] = [];
  // The first one may build the image.
  for (let round = 0; round <= rounds; round += 1) {
    const began = performance.now();
    const { id } = await server.client.conversations.create();
    using probe = probeConversation(server.client, id);
    const info = await probe.state(({ sandbox_status: status }) => status === "ready" || status === "error");
    if (info.sandbox_status === "error") throw new Error(info.sandbox.message ?? "the sandbox failed");
    if (round > 0) times.push(performance.now() - began);
  }
  return { what: `POST → sandbox ready, ${runtime}`, value: milliseconds(times) };
}
