import { describe, expect, test } from "vitest";
import { ModelError } from "./model.ts";
import { resolveModelName } from "./model-name.ts";

/** label, model id and URL of what `name` means */
function meaning(name: string, baseUrl: string | null = null): readonly string[] {
  const resolved = resolveModelName(name, baseUrl);
  return resolved.kind !== "provider"
    ? [resolved.kind]
    : [resolved.provider.label, resolved.modelId, resolved.baseUrl];
}

function refusal(name: string, baseUrl: string | null = null): ModelError {
  try {
    resolveModelName(name, baseUrl);
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError);
    expect((error as ModelError).kind).toBe("bad_request");
    return error as ModelError;
  }
  throw new Error(`${name} was understood`);
}

describe("without a base URL", () => {
  test.each([
    ["gemini/gemini-2.0-flash-exp", "Google Gemini", "gemini-2.0-flash-exp"],
    ["anthropic/claude-sonnet-4-5", "Anthropic", "claude-sonnet-4-5"],
    ["openai/gpt-4o", "OpenAI", "gpt-4o"],
    ["openrouter/anthropic/claude-sonnet-4-5", "OpenRouter", "anthropic/claude-sonnet-4-5"],
    ["ollama/qwen3:8b", "Ollama", "qwen3:8b"],
    ["hosted_vllm/Qwen/Qwen3-8B", "vLLM", "Qwen/Qwen3-8B"],
    ["gpt-4o", "OpenAI", "gpt-4o"],
    ["o3-mini", "OpenAI", "o3-mini"],
    ["claude-sonnet-4-5", "Anthropic", "claude-sonnet-4-5"],
    ["gemini-2.0-flash", "Google Gemini", "gemini-2.0-flash"],
    ["grok-4", "xAI", "grok-4"],
  ])("%s is %s's %s", (name, label, modelId) => {
    expect(meaning(name).slice(0, 2)).toEqual([label, modelId]);
  });

  test("the demonstration model is one of its own", () => {
    expect(meaning("demo/tour")).toEqual(["demo"]);
    expect(refusal("demo/other").message).toContain("demo/tour");
  });

  test.each(["acme/large", "llama-3", ""])("%j is refused with the prefixes that fit", (name) => {
    expect(refusal(name).message).toContain("openai/");
    expect(refusal(name).message).toContain("ollama/");
  });

  test("a provider without a public address wants one", () => {
    expect(refusal("litellm_proxy/gpt-4o").message).toContain("base URL");
  });

  test("a provider alone is no model", () => {
    expect(refusal("openai/").message).toContain("openai/");
  });
});

describe("with a base URL", () => {
  const url = "https://proxy.example/llm/v1";

  test.each([
    ["openai/gpt-4o", "OpenAI", "gpt-4o"],
    ["openai/anthropic/claude", "OpenAI", "anthropic/claude"],
    ["anthropic/claude-sonnet-4-5", "Anthropic", "claude-sonnet-4-5"],
    ["litellm_proxy/team/gpt", "LiteLLM proxy", "team/gpt"],
    ["acme/large", "The provider", "acme/large"],
    ["claude-sonnet-4-5", "The provider", "claude-sonnet-4-5"],
    ["whatever", "The provider", "whatever"],
  ])("%s is %s's %s there", (name, label, modelId) => {
    expect(meaning(name, url)).toEqual([label, modelId, url]);
  });

  test.each([
    ["ollama/qwen3", "http://gpu:11434", "http://gpu:11434/v1"],
    ["ollama/qwen3", "http://gpu:11434/", "http://gpu:11434/v1"],
    ["ollama/qwen3", "http://gpu:11434/other/", "http://gpu:11434/other"],
    ["openai/x", "http://gpu:8000/v1/", "http://gpu:8000/v1"],
    ["openai/x", "http://gpu:8000", "http://gpu:8000"],
    ["anthropic/x", "https://proxy.example", "https://proxy.example/v1"],
  ])("%s at %s is asked at %s", (name, written, used) => {
    expect(meaning(name, written)[2]).toBe(used);
  });

  test.each(["ftp://host/v1", "host:8000", "nonsense"])("%s is no address", (written) => {
    expect(refusal("openai/x", written).message).toContain("http://");
  });
});
