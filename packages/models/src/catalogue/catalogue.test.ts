import { ModelFacts } from "@openhands/protocol";
import { expect, test } from "vitest";
import { ModelError } from "../model.ts";
import { type ResolvedModelName, resolveModelName } from "../model-name.ts";
import { catalogueNames, knownFacts, noFacts } from "./catalogue.ts";
import { costOf } from "./cost.ts";

type Place = Extract<ResolvedModelName, { kind: "provider" }>;

function placeOf(name: string, baseUrl: string | null = null): Place {
  const resolved = resolveModelName(name, baseUrl);
  if (resolved.kind !== "provider") throw new Error(`${name} asks nobody`);
  return resolved;
}

const tokens = {
  prompt_tokens: 1_000_000,
  completion_tokens: 100_000,
  cache_read_tokens: 800_000,
  cache_write_tokens: 100_000,
  reasoning_tokens: 50_000,
};

test("every row of the data is one that the schema takes whole", () => {
  const names = catalogueNames();
  expect(names.length).toBeGreaterThan(500);
  for (const name of names) {
    const { facts, source } = knownFacts(
      placeOf(name, name.startsWith("azure/") ? "https://a.openai.azure.com" : null),
      null,
    );
    expect(source, name).toMatch(/^catalogue of \d{4}-\d{2}-\d{2}$/);
    expect(facts.context_window, name).toBeGreaterThan(1000);
    for (const prices of [facts.prices, ...facts.price_tiers]) {
      if (prices !== null) expect(prices.input, name).toBeLessThan(1000);
    }
  }
});

test("a version's date is looked past where only the newest is listed", () => {
  const { facts } = knownFacts(placeOf("openai/gpt-4.1-2025-04-14"), null);
  expect(facts).toEqual(knownFacts(placeOf("openai/gpt-4.1"), null).facts);
  expect(facts.vision).toBe(true);
});

test("at a proxy the model is the same and its price unknown; another region is no proxy", () => {
  const proxied = knownFacts(placeOf("anthropic/claude-sonnet-4-5", "https://proxy.example/v1"), null);
  expect(proxied).toMatchObject({ priceSource: null, facts: { prices: null, vision: true } });
  const region = "https://bedrock-runtime.eu-west-1.amazonaws.com";
  expect(knownFacts(placeOf("bedrock/amazon.nova-pro-v1:0", region), null).priceSource).not.toBeNull();
});

test("what the person says stands before the catalogue, the rest stays", () => {
  const own = {
    context_window: 32_000,
    prices: { input: 1, output: 2, cache_read: null, cache_write: null },
  };
  const { facts, source, priceSource } = knownFacts(placeOf("openai/gpt-5"), own);
  expect(facts).toMatchObject({
    context_window: 32_000,
    prices: { input: 1 },
    price_tiers: [],
    vision: true,
  });
  expect([source, priceSource]).toEqual(["settings", "settings"]);
});

test("a model that nobody knows is unknown in everything", () => {
  const { facts, source, priceSource } = knownFacts(placeOf("ollama/qwen3"), null);
  expect(facts).toEqual(noFacts);
  expect([source, priceSource]).toEqual([null, null]);
  expect(costOf(tokens, facts)).toBeNull();
});

test("a cost counts what was read from the cache and written to it at their own prices", () => {
  const facts = ModelFacts.parse({ prices: { input: 3, output: 15, cache_read: 0.3, cache_write: 3.75 } });
  // 0.1 M plain, 0.8 M read, 0.1 M written, 0.1 M out
  expect(costOf(tokens, facts)).toBeCloseTo(0.3 + 0.24 + 0.375 + 1.5, 10);
});

test("without a price of their own, tokens of the cache cost what others do: never nothing", () => {
  const facts = ModelFacts.parse({ prices: { input: 3, output: 15 } });
  expect(costOf(tokens, facts)).toBeCloseTo(3 + 1.5, 10);
});

test("a long request costs its tier in all its tokens", () => {
  const facts = ModelFacts.parse({
    prices: { input: 1, output: 10 },
    price_tiers: [
      { above: 200_000, input: 2, output: 20 },
      { above: 500_000, input: 4, output: 40 },
    ],
  });
  expect(costOf(tokens, facts)).toBeCloseTo(4 + 4, 10);
  expect(
    costOf({ ...tokens, prompt_tokens: 200_000, cache_read_tokens: 0, cache_write_tokens: 0 }, facts),
  ).toBeCloseTo(0.2 + 1, 10);
});

test("a bare name that several providers have is refused with all of them", () => {
  const refused = (): unknown => resolveModelName("gemma-4-31b-it", null);
  expect(refused).toThrow(ModelError);
  expect(refused).toThrow(/gemini\/gemma-4-31b-it/);
  expect(() => resolveModelName("gpt-oss-120b", null)).toThrow(
    /groq\/openai\/gpt-oss-120b.*openrouter\/openai\/gpt-oss-120b/,
  );
});
