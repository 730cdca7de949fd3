/** What is known of a model: what it can do, how much it reads and writes, what it costs. Null means: not known. */
import * as z from "zod";

/** US dollars per million tokens */
const price = z.number().nonnegative();

export const ModelPrices = z.object({
  input: price,
  output: price,
  /** null: no price of its own, so such tokens cost what other input costs */
  cache_read: price.nullable().default(null),
  cache_write: price.nullable().default(null),
});
export type ModelPrices = z.infer<typeof ModelPrices>;

export const ModelFacts = z.object({
  /** tokens that a request and its answer may have together */
  context_window: z.number().int().positive().nullable().default(null),
  /** tokens that one answer may have */
  max_output: z.number().int().positive().nullable().default(null),
  prices: ModelPrices.nullable().default(null),
  /** other prices, for every token of a request with more than `above` tokens of input */
  price_tiers: z.array(ModelPrices.extend({ above: z.number().int().positive() })).default([]),
  vision: z.boolean().nullable().default(null),
  tools: z.boolean().nullable().default(null),
  reasoning: z.boolean().nullable().default(null),
});
export type ModelFacts = z.infer<typeof ModelFacts>;

/** What a person knows better than the catalogue, for one model. */
export const OwnModelFacts = z.object({
  context_window: ModelFacts.shape.context_window.unwrap().optional(),
  max_output: ModelFacts.shape.max_output.unwrap().optional(),
  prices: ModelPrices.optional(),
  vision: z.boolean().optional(),
  tools: z.boolean().optional(),
  reasoning: z.boolean().optional(),
});
export type OwnModelFacts = z.infer<typeof OwnModelFacts>;

/** `GET /api/options/models` */
export const ModelNames = z.array(z.string());
export type ModelNames = z.infer<typeof ModelNames>;

/** `facts` and where they are from. */
export const ModelInfo = z.looseObject({
  name: z.string(),
  facts: ModelFacts,
  /** of the facts, e.g. the catalogue with its date; null where nothing is known */
  source: z.string().nullable(),
  /** of the prices; null where they are not known */
  price_source: z.string().nullable(),
});
export type ModelInfo = z.infer<typeof ModelInfo>;

/** What is tried before a conversation needs it; what the body leaves out is taken from the settings. */
export const ProbeRequest = z.object({
  /** null: only the models of the server are listed */
  model: z.string().min(1).max(200).nullish(),
  base_url: z.url({ protocol: /^https?$/ }).nullish(),
  api_key: z.string().max(10_000).nullish(),
});
export type ProbeRequest = z.infer<typeof ProbeRequest>;

export const ProbeCheck = z.object({
  name: z.enum(["reachable", "key", "streaming", "tools", "vision", "window"]),
  /** unknown: it could not be tried */
  result: z.enum(["good", "bad", "unknown"]),
  /** for the person: what was found and, where it is bad, what to do */
  words: z.string(),
});
export type ProbeCheck = z.infer<typeof ProbeCheck>;

export const ProbeReport = z.object({
  /** null where no model was named */
  model: z.string().nullable(),
  checks: z.array(ProbeCheck),
  /** what the server says it has, as the names that go into the settings; empty where it says nothing */
  models: z.array(z.string()),
  /** tokens, as the server itself says or else the catalogue; null where nobody knows */
  context_window: z.number().int().nullable(),
});
export type ProbeReport = z.infer<typeof ProbeReport>;
