/** Which models there are, and what their calls cost; none of it needs a sandbox. */
import { answer, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { describe, expect, it, vi } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

// Each starts servers of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

async function get(server: ServerProcess, path: string): Promise<unknown> {
  const response = await fetch(`${server.url}/api${path}`, { headers: { "X-Session-API-Key": server.key } });
  return await response.json();
}

describe("what may be chosen", () => {
  it("is listed by name, and a model is described by the catalogue or by the person", async () => {
    await using home = await temporaryHome();
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
    const names = await get(server, "/options/models");
    expect(names).toEqual(
      expect.arrayContaining(["demo/tour", "anthropic/claude-sonnet-4-5", "openai/gpt-5"]),
    );
    expect(await get(server, "/options/agents")).toContain("CodeActAgent");
    expect(await get(server, "/options/security-analyzers")).toBeInstanceOf(Array);
    const known = await get(server, "/models?name=openai/gpt-5");
    expect(known).toMatchObject({
      facts: { vision: true, tools: true },
      source: expect.stringMatching(/^catalogue of/),
    });
    await server.client.settings.patch({ llm_models: { "openai/gpt-5": { context_window: 9000 } } });
    expect(await get(server, "/models?name=openai/gpt-5")).toMatchObject({
      facts: { context_window: 9000, vision: true },
      source: "settings",
    });
    expect(await get(server, "/models?name=llama-3")).toMatchObject({
      code: "invalid",
      detail: expect.stringContaining("provider/model"),
    });
  });
});

describe("a model that is tried", () => {
  it("is told of in words and counted, and the settings' key goes to the settings' address alone", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    await using other = await startScriptedLlm();
    const env = { LLM_MODEL: "openai/mine", LLM_API_KEY: "sk-0123456789", LLM_BASE_URL: llm.url };
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
    llm.push(answer({ text: "one two three", chunkSize: 4 }), answer({ text: "" }), answer({ text: "Red" }));
    const report = await server.client.models.probe({});
    expect(report).toMatchObject({ model: "openai/mine", models: ["openai/scripted"] });
    expect(report.checks.map(({ name, result }) => `${name} ${result}`)).toEqual([
      "reachable good",
      "key good",
      "streaming good",
      "tools bad",
      "vision good",
      "window unknown",
    ]);
    expect(llm.requests[0]?.headers.authorization).toBe("Bearer sk-0123456789");
    expect(await server.client.usage()).toMatchObject({
      items: [{ usage_id: "probe", calls: 2, unpriced_calls: 2 }],
    });
    other.push(answer({ text: "one" }), answer({ text: "two" }), answer({ text: "three" }));
    await server.client.models.probe({ model: "openai/theirs", base_url: other.url });
    expect(other.requests).toHaveLength(3);
    expect(other.requests.map((request) => request.headers.authorization)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("the ledger", () => {
  it("counts each call in the log, and its sums are there after kill -9", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    const usage = { promptTokens: 1000, completionTokens: 100, cachedTokens: 600 };
    llm.push(
      answer({ text: "One.", usage }),
      answer({ text: "Two.", usage }),
      answer({ text: "Three.", usage }),
    );
    const env = { LLM_MODEL: "openai/priced", LLM_API_KEY: "sk-0123456789", LLM_BASE_URL: llm.url };
    const options = { home: home.path, runtime: "bubblewrap", env } as const;
    let server = await startServerProcess(options);
    const prices = { input: 2, output: 10, cache_read: 0.5, cache_write: null };
    await server.client.settings.patch({ llm_models: { "openai/priced": { prices } } });
    const { id } = await server.client.conversations.create({ initial_message: { content: "a", run: true } });
    {
      using probe = probeConversation(server.client, id);
      await probe.state(settled);
      const row = await probe.event(
        (event) => event.kind === "ConversationStateUpdateEvent" && event.key === "stats",
      );
      // 400 plain, 600 from the cache, 100 out
      const cost = (400 * 2 + 600 * 0.5 + 100 * 10) / 1_000_000;
      expect(row).toMatchObject({
        value: { last_call: { usage_id: "agent", model: "openai/priced", cost, price_source: "settings" } },
      });
      await server.client.events.send(id, { content: "b", run: true });
      await probe.state((info) => (info.stats.usage_to_metrics.agent?.calls ?? 0) === 2 && settled(info));
      await server.kill();
    }
    server = await startServerProcess({ ...options, env: { ...env, LLM_MODEL: "openai/unpriced" } });
    await using _ = server;
    await server.client.events.send(id, { content: "c", run: true });
    using probe = probeConversation(server.client, id);
    const { stats } = await probe.state(
      (info) => info.stats.usage_to_metrics.agent?.calls === 3 && settled(info),
    );
    expect(stats.usage_to_metrics.agent).toMatchObject({ accumulated_cost: null });
    const report = await get(server, "/usage");
    expect(report).toMatchObject({
      items: [
        { model: "openai/priced", calls: 2, known_cost: 0.0042, unpriced_calls: 0 },
        { model: "openai/unpriced", calls: 1, known_cost: 0, unpriced_calls: 1 },
      ],
    });
  });
});
