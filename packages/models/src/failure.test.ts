/** What providers are known to say, in their own words, and what is made of it. */
import { APICallError } from "@ai-sdk/provider";
import { expect, test } from "vitest";
import { classifyFailure, type Failure } from "./failure.ts";
import { openai } from "./providers/openai.ts";

function classify(status: number, body: unknown): Failure | null {
  const error = new APICallError({
    message: "Bad Request",
    url: "https://llm.example/v1/chat/completions",
    requestBodyValues: {},
    statusCode: status,
    responseBody: typeof body === "string" ? body : JSON.stringify(body),
  });
  const place = { provider: openai, modelId: "m", baseUrl: "https://llm.example/v1", local: false };
  return classifyFailure(error, { ...place, key: null, now: new Date() });
}

test.each<[string, number, unknown]>([
  [
    "OpenAI's chat",
    400,
    {
      error: {
        message:
          "This model's maximum context length is 8192 tokens. However, your messages resulted in 10000 tokens. Please reduce the length of the messages.",
        code: "context_length_exceeded",
      },
    },
  ],
  [
    "OpenAI's responses",
    400,
    {
      error: {
        message:
          "Your input exceeds the context window of this model. Please adjust your input and try again.",
      },
    },
  ],
  [
    "Anthropic",
    400,
    {
      type: "error",
      error: { type: "invalid_request_error", message: "prompt is too long: 213462 tokens > 200000 maximum" },
    },
  ],
  [
    "Anthropic with max_tokens",
    400,
    {
      error: {
        message:
          "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again",
      },
    },
  ],
  [
    "Anthropic's size",
    413,
    { error: { type: "request_too_large", message: "Request exceeds the maximum size" } },
  ],
  [
    "Google",
    400,
    {
      error: {
        code: 400,
        message: "The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).",
        status: "INVALID_ARGUMENT",
      },
    },
  ],
  [
    "Mistral",
    400,
    {
      object: "error",
      message:
        "Prompt contains 40012 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
    },
  ],
  ["Bedrock", 400, { message: "Input is too long for requested model." }],
  [
    "Bedrock's Claude",
    400,
    {
      message: "The model returned the following errors: prompt is too long: 227255 tokens > 200000 maximum",
    },
  ],
  [
    "Bedrock's older models",
    400,
    {
      message:
        "Malformed input request: expected maxLength: 42000, actual: 46735, please reformat your input and try again.",
    },
  ],
  ["Ollama", 400, { error: { message: "prompt too long; exceeded max context length by 1234 tokens" } }],
  ["Ollama's embedded runner", 400, { error: "the input length exceeds the context length" }],
  [
    "llama.cpp",
    500,
    { error: { message: "the request exceeds the available context size, try increasing it" } },
  ],
  [
    "vLLM",
    400,
    {
      object: "error",
      message:
        "This model's maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the messages, 10000 in the completion). Please reduce the length of the messages or completion.",
    },
  ],
  [
    "vLLM's engine",
    400,
    { message: "The prompt (total length 25938) is too long to fit into the model (context length 4096)." },
  ],
  [
    "OpenRouter",
    400,
    {
      error: {
        message:
          "This endpoint's maximum context length is 131072 tokens. However, you requested about 131075 tokens.",
        code: 400,
      },
    },
  ],
  [
    "LM Studio",
    400,
    { error: "The number of tokens to keep from the initial prompt is greater than the context length." },
  ],
  [
    "xAI",
    400,
    { error: "This model's maximum prompt length is 131072 but the request contains 537812 tokens." },
  ],
])("%s says that the conversation is too long", (_, status, body) => {
  expect(classify(status, body)).toMatchObject({ kind: "context_overflow", retry: false });
});

test.each<[string, number, unknown, Failure["kind"], boolean]>([
  [
    "a rate limit that counts tokens",
    429,
    { error: { message: "Too many tokens, please wait." } },
    "rate_limit",
    true,
  ],
  [
    "Anthropic's overload",
    529,
    { error: { type: "overloaded_error", message: "Overloaded" } },
    "overloaded",
    true,
  ],
  ["DeepSeek's empty account", 402, { error: { message: "Insufficient Balance" } }, "quota", false],
  [
    "xAI's empty team",
    403,
    { error: "Your team has used all available credits or reached its monthly spending limit." },
    "quota",
    false,
  ],
  ["Bedrock's key", 403, { message: "Authentication failed" }, "auth", false],
  [
    "too large an answer asked for",
    400,
    { message: "The maximum tokens you requested exceeds the model limit of 32768" },
    "bad_request",
    false,
  ],
])("%s is no overflow", (...[, status, body, kind, retry]) => {
  expect(classify(status, body)).toMatchObject({ kind, retry });
});
