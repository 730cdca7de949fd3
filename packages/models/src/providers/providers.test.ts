/** Each provider's own package against a real server, where the scripted one speaks its wire. */
import { readFile } from "node:fs/promises";
import { answer, startScriptedLlm } from "@openhands/testing";
import { expect, test } from "vitest";
import { createModel } from "../create-model.ts";
import type { ModelAnswer } from "../model.ts";
import type { Provider } from "./provider.ts";
import { providers } from "./registry.ts";

const key = "sk-canary-0123456789";

async function ask(name: string, baseUrl: string | null, send?: typeof fetch): Promise<ModelAnswer> {
  const model = createModel(
    {
      name,
      baseUrl,
      apiKey: () => Promise.resolve(key),
      limits: { firstByteSeconds: 20, silenceSeconds: 20, attempts: 1 },
    },
    send === undefined ? {} : { fetch: send },
  );
  return await model.ask(
    {
      prompt: [{ role: "user", content: [{ type: "text", text: "List the files." }] }],
      tools: [{ type: "function", name: "terminal", inputSchema: { type: "object", properties: {} } }],
    },
    { signal: new AbortController().signal, onDelta: () => undefined, onRetry: () => undefined },
  );
}

/** Mistral sends usage unasked, Groq in a field of its own; the scripted server does neither. */
const tellsUsageInItsOwnWay: ReadonlySet<string> = new Set(["mistral", "groq"]);

const speaksChatCompletions = [
  "openai",
  "mistral",
  "xai",
  "groq",
  "deepseek",
  "openrouter",
  "azure",
  "ollama",
  "lm_studio",
  "vllm",
  "litellm_proxy",
];

test.each(speaksChatCompletions)(
  "%s/: text, a call and tokens, with the key where it belongs",
  async (prefix) => {
    await using llm = await startScriptedLlm();
    llm.push(
      answer({
        text: "Looking.",
        calls: [{ name: "terminal", arguments: { command: "ls" } }],
        chunkSize: 3,
        usage: { promptTokens: 120, completionTokens: 34 },
      }),
    );
    const got = await ask(`${prefix}/some-model`, llm.url);
    expect(got).toMatchObject({
      text: "Looking.",
      end: "tool-calls",
      toolCalls: [{ name: "terminal" }],
    });
    if (!tellsUsageInItsOwnWay.has(prefix))
      expect(got.tokens).toMatchObject({ prompt_tokens: 120, completion_tokens: 34 });
    expect(JSON.parse(got.toolCalls[0]?.arguments ?? "")).toEqual({ command: "ls" });
    const sent = llm.requests[0];
    expect(sent?.body.model).toBe("some-model");
    expect(sent?.headers[prefix === "azure" ? "api-key" : "authorization"]).toContain(key);
  },
);

/** Where a request to the provider's own address goes, and with what. */
async function requestOf(name: string, baseUrl: string | null = null): Promise<Request> {
  const sent: Request[] = [];
  await ask(name, baseUrl, (target, init) => {
    sent.push(new Request(target, init));
    return Promise.resolve(new Response('{"message":"no"}', { status: 401 }));
  }).catch(() => undefined);
  const [request] = sent;
  if (request === undefined) throw new Error(`nothing was sent for ${name}`);
  return request;
}

test.each([
  ["mistral/mistral-large-latest", "https://api.mistral.ai/v1/chat/completions"],
  ["groq/llama-3.3-70b-versatile", "https://api.groq.com/openai/v1/chat/completions"],
  ["deepseek/deepseek-chat", "https://api.deepseek.com/v1/chat/completions"],
  ["xai/grok-4", "https://api.x.ai/v1/chat/completions"],
  ["openrouter/anthropic/claude-sonnet-4.5", "https://openrouter.ai/api/v1/chat/completions"],
])("%s is asked at its own address", async (name, url) => {
  const request = await requestOf(name);
  expect(request.url).toBe(url);
  expect(request.headers.get("authorization")).toBe(`Bearer ${key}`);
});

test("Azure is asked at the resource's own address, by its header", async () => {
  const request = await requestOf("azure/my-deployment", "https://mine.openai.azure.com");
  expect(request.url).toBe("https://mine.openai.azure.com/openai/v1/chat/completions");
  expect(request.headers.get("api-key")).toBe(key);
});

test("Bedrock's key travels as its bearer, and in no other header", async () => {
  const request = await requestOf("bedrock/anthropic.claude-sonnet-4-6");
  expect(request.url).toMatch(
    /^https:\/\/bedrock-runtime\.us-east-1\.amazonaws\.com\/model\/anthropic\.claude/,
  );
  expect([...request.headers].filter(([, value]) => value.includes(key))).toEqual([
    ["authorization", `Bearer ${key}`],
  ]);
});

test("Vertex AI is asked for Gemini, and refuses others with a sentence", async () => {
  const request = await requestOf("vertex_ai/gemini-2.5-pro");
  expect(request.url).toMatch(
    /^https:\/\/aiplatform\.googleapis\.com\/v1\/publishers\/google\/models\/gemini-2\.5-pro:stream/,
  );
  expect(request.headers.get("x-goog-api-key")).toBe(key);
  await expect(ask("vertex_ai/claude-opus-4-5", null)).rejects.toThrow(/Gemini.*Settings/);
});

const rowOf = ({ prefixes, label, baseUrl, needsKey, tried }: Provider): string => {
  const names = prefixes.map((prefix) => `\`${prefix}/\``).join(" ");
  const address = baseUrl === null ? "yours" : baseUrl.replace(/^https?:\/\//, "");
  return `| ${names} | ${label} | ${address} | ${needsKey ? "needed" : "as it asks"} | ${tried ? "yes" : "**untried**"} |`;
};

test("the documents list exactly these providers, and which are untried", async () => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const rows = readme.split("\n").filter((line) => /^\| `.*\/` \|.*\|.*\|.*\|.*\|$/.test(line));
  expect(rows).toEqual(providers.map(rowOf));
});
