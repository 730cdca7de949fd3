/**
 * Answers of Anthropic, Google and OpenAI's Responses as their documents describe them, read by the vendors' packages.
 * They were written by hand: that the providers really send this is not tried here.
 */
import { expect, test } from "vitest";
import { createModel } from "../create-model.ts";
import type { ModelAnswer, ModelError } from "../model.ts";

const events = (list: readonly object[]): string =>
  list
    .map(
      (data) => ("type" in data ? `event: ${String(data.type)}\n` : "") + `data: ${JSON.stringify(data)}\n\n`,
    )
    .join("");

interface Asked {
  readonly answer: ModelAnswer;
  /** as it was sent */
  readonly body: Record<string, unknown>;
}

async function ask(name: string, reply: Response): Promise<Asked> {
  const bodies: unknown[] = [];
  const model = createModel(
    {
      name,
      baseUrl: null,
      apiKey: () => Promise.resolve("sk-canary-0123456789"),
      limits: { firstByteSeconds: 10, silenceSeconds: 10, attempts: 1 },
    },
    {
      fetch: (_, init) => {
        if (typeof init?.body === "string") bodies.push(JSON.parse(init.body));
        return Promise.resolve(reply);
      },
    },
  );
  const answer = await model.ask(
    {
      prompt: [
        { role: "system", content: "Be brief." },
        { role: "user", content: [{ type: "text", text: "List the files." }] },
      ],
      tools: [
        {
          type: "function",
          name: "terminal",
          inputSchema: { type: "object", properties: { command: { type: "string" } } },
        },
      ],
    },
    { signal: new AbortController().signal, onDelta: () => undefined, onRetry: () => undefined },
  );
  return { answer, body: bodies[0] as Record<string, unknown> };
}

const stream = (text: string): Response =>
  new Response(text, { headers: { "content-type": "text/event-stream" } });

const anthropicStart = {
  type: "message_start",
  message: {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-5",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: {
      input_tokens: 10,
      cache_read_input_tokens: 80,
      cache_creation_input_tokens: 5,
      output_tokens: 1,
    },
  },
};

test("Anthropic's: text, a call in pieces, tokens of the cache", async () => {
  const delta = (index: number, part: object) => ({ type: "content_block_delta", index, delta: part });
  const { answer, body } = await ask(
    "anthropic/claude-sonnet-4-5",
    stream(
      events([
        anthropicStart,
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
        delta(0, { type: "text_delta", text: "I will " }),
        delta(0, { type: "text_delta", text: "look." }),
        { type: "content_block_stop", index: 0 },
        {
          type: "content_block_start",
          index: 1,
          content_block: { type: "tool_use", id: "toolu_1", name: "terminal", input: {} },
        },
        delta(1, { type: "input_json_delta", partial_json: '{"comm' }),
        delta(1, { type: "input_json_delta", partial_json: 'and":"ls"}' }),
        { type: "content_block_stop", index: 1 },
        {
          type: "message_delta",
          delta: { stop_reason: "tool_use", stop_sequence: null },
          usage: { output_tokens: 25 },
        },
        { type: "message_stop" },
      ]),
    ),
  );
  expect(answer).toMatchObject({
    responseId: "msg_1",
    text: "I will look.",
    toolCalls: [{ id: "toolu_1", name: "terminal", arguments: '{"command":"ls"}' }],
    end: "tool-calls",
    cost: null,
    tokens: { prompt_tokens: 95, completion_tokens: 25, cache_read_tokens: 80, cache_write_tokens: 5 },
  });
  expect(body["cache_control"]).toEqual({ type: "ephemeral" });
});

test("Anthropic's: an error within the answer", async () => {
  const failed = ask(
    "anthropic/claude-sonnet-4-5",
    stream(
      events([anthropicStart, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }]),
    ),
  );
  await expect(failed).rejects.toMatchObject({ kind: "overloaded" } satisfies Partial<ModelError>);
});

test("Google's: text and a call", async () => {
  const { answer } = await ask(
    "gemini/gemini-2.0-flash-exp",
    stream(
      events([
        {
          candidates: [{ content: { role: "model", parts: [{ text: "I will look." }] }, index: 0 }],
        },
        {
          candidates: [
            {
              content: {
                role: "model",
                parts: [{ functionCall: { name: "terminal", args: { command: "ls" } } }],
              },
              finishReason: "STOP",
              index: 0,
            },
          ],
          usageMetadata: { promptTokenCount: 50, candidatesTokenCount: 7, totalTokenCount: 57 },
        },
      ]),
    ),
  );
  expect(answer).toMatchObject({
    text: "I will look.",
    toolCalls: [{ name: "terminal", arguments: '{"command":"ls"}' }],
    end: "tool-calls",
    tokens: { prompt_tokens: 50, completion_tokens: 7 },
  });
});

test("Google's: a limit with the time to wait in the body", async () => {
  const error = {
    code: 429,
    status: "RESOURCE_EXHAUSTED",
    message: "You exceeded your current quota, please check your plan and billing details.",
    details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34s" }],
  };
  const failed = ask("gemini/gemini-2.0-flash-exp", Response.json({ error }, { status: 429 }));
  await expect(failed).rejects.toMatchObject({ kind: "rate_limit" } satisfies Partial<ModelError>);
});

test("OpenAI's Responses, for the models that have nothing else", async () => {
  const item = { type: "function_call", id: "fc_1", call_id: "call_1", name: "terminal" };
  const response = { id: "resp_1", created_at: 1, model: "gpt-5-codex" };
  const { answer } = await ask(
    "openai/gpt-5-codex",
    stream(
      events([
        { type: "response.created", response },
        { type: "response.output_item.added", output_index: 0, item: { ...item, arguments: "" } },
        {
          type: "response.function_call_arguments.delta",
          item_id: "fc_1",
          output_index: 0,
          delta: '{"command":"ls"}',
        },
        {
          type: "response.output_item.done",
          output_index: 0,
          item: { ...item, arguments: '{"command":"ls"}', status: "completed" },
        },
        {
          type: "response.completed",
          response: { ...response, usage: { input_tokens: 20, output_tokens: 9 } },
        },
      ]),
    ),
  );
  expect(answer).toMatchObject({
    responseId: "resp_1",
    toolCalls: [{ id: "call_1", name: "terminal", arguments: '{"command":"ls"}' }],
    end: "tool-calls",
    tokens: { prompt_tokens: 20, completion_tokens: 9 },
  });
});
