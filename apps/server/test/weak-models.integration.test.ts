/** The task that every version must do, done by models that get tools wrong, each in its own way. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  fail,
  primesOutput,
  primesScript,
  primesTask,
  type Reply,
  startScriptedLlm,
  temporaryHome,
  weakly,
  weakModelNames,
} from "@openhands/testing";
import { describe, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { startServerProcess } from "./server-process.ts";

async function primesBy(replies: readonly Reply[]) {
  const home = await temporaryHome();
  await using llm = await startScriptedLlm();
  llm.push(...replies);
  const env = { LLM_BASE_URL: llm.url, LLM_MODEL: "ollama/small" };
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  const { id } = await server.client.conversations.create({
    initial_message: { content: primesTask, run: true },
  });
  using probe = probeConversation(server.client, id);
  const { execution_status: status } = await probe.state(settled);
  const file = join(home.path, "workspace", id, "primes.txt");
  const primes = await readFile(file, "utf8").catch(() => null);
  await home[Symbol.asyncDispose]();
  return { status, primes };
}

describe("a model", () => {
  it.each(weakModelNames.filter((name) => name !== "talks and does not act"))(
    "that %s does the task",
    async (weakness) => {
      const replies = primesScript().map((reply) => weakly(weakness, reply));
      expect(await primesBy(replies)).toEqual({ status: "finished", primes: primesOutput });
    },
  );

  it("that talks and does not act ends its turn, and the person can go on", async () => {
    const replies = primesScript().map((reply) => weakly("talks and does not act", reply));
    expect(await primesBy(replies)).toEqual({ status: "finished", primes: null });
  });

  it("that takes no tools does the task in text", async () => {
    const refusal = fail(400, { error: { message: "registry.ollama.ai/small does not support tools" } });
    const replies = primesScript().map((reply) => weakly("prints XML", reply));
    expect(await primesBy([refusal, ...replies])).toEqual({ status: "finished", primes: primesOutput });
  });
});
