/** The wire as OpenAI's documents give it, read by plain fetch: what a client's package forgives would hide. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { primesScript } from "./primes-script.ts";
import { answer, call, fail, hang, parseScript, reset, say, truncate } from "./reply.ts";
import { type ScriptedLlm, startScriptedLlm } from "./scripted-llm.ts";
import type { WireName } from "./wires/wire.ts";

let llm: ScriptedLlm;
beforeEach(async () => {
  llm = await startScriptedLlm();
});
afterEach(() => llm.stop());

interface Chunk {
  readonly object: string;
  readonly choices: readonly {
    readonly delta: { readonly content?: string; readonly tool_calls?: readonly ChunkCall[] };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: { readonly total_tokens: number };
}

interface ChunkCall {
  readonly index: number;
  readonly id?: string;
  readonly function: { readonly name?: string; readonly arguments: string };
}

const post = (body: object, init: RequestInit = {}): Promise<Response> =>
  fetch(`${llm.url}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "any", messages: [{ role: "user", content: "Hi" }], ...body }),
    ...init,
  });

/** The chunks of a streamed answer, whose end must be `[DONE]`. */
async function chunksOf(response: Response): Promise<Chunk[]> {
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const events = (await response.text()).split("\n\n").filter((event) => event !== "");
  expect(events.pop()).toBe("data: [DONE]");
  return events.map((event) => JSON.parse(event.replace(/^data: /, "")) as Chunk);
}

test("text is streamed in pieces, then the finish reason, then usage where it was asked for", async () => {
  llm.push(answer({ text: "Hello, 🦊!", chunkSize: 4 }));
  const chunks = await chunksOf(await post({ stream: true, stream_options: { include_usage: true } }));
  expect(chunks.flatMap((chunk) => chunk.choices.map(({ delta }) => delta.content))).toEqual([
    "",
    "Hell",
    "o, 🦊",
    "!",
    undefined,
  ]);
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("stop");
  expect(chunks.at(-1)?.choices).toEqual([]);
  expect(chunks.at(-1)?.usage?.total_tokens).toBeGreaterThan(0);
});

test("no usage chunk where none was asked for", async () => {
  llm.push(say("Hi."));
  const chunks = await chunksOf(await post({ stream: true }));
  expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("stop");
});

test("a call is announced with id and name, and its arguments follow", async () => {
  llm.push(
    answer({
      calls: [
        { name: "a", arguments: { x: 1 } },
        { name: "b", arguments: "{oops" },
      ],
      chunkSize: 3,
    }),
  );
  const chunks = await chunksOf(await post({ stream: true }));
  const pieces = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
  expect(
    pieces.filter((piece) => piece.id).map((piece) => [piece.index, piece.id, piece.function.name]),
  ).toEqual([
    [0, "call_1_0", "a"],
    [1, "call_1_1", "b"],
  ]);
  const written = (index: number): string =>
    pieces.map((piece) => (piece.index === index ? piece.function.arguments : "")).join("");
  expect(written(0)).toBe('{"x":1}');
  expect(written(1)).toBe("{oops");
  expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("tool_calls");
});

test("without stream it is one body", async () => {
  llm.push(call("terminal", { command: "ls" }));
  const body: unknown = await (await post({})).json();
  expect(body).toMatchObject({
    object: "chat.completion",
    choices: [
      {
        message: {
          role: "assistant",
          tool_calls: [{ id: "call_1_0", function: { name: "terminal", arguments: '{"command":"ls"}' } }],
        },
        finish_reason: "tool_calls",
      },
    ],
  });
});

test.each<[WireName, string, object]>([
  [
    "openai-responses",
    "responses",
    {
      status: "completed",
      output: [
        { type: "reasoning", encrypted_content: "signed" },
        { type: "message", content: [{ type: "output_text", text: "Hi." }] },
        { type: "function_call", call_id: "call_1_0", arguments: '{"command":"ls"}' },
      ],
    },
  ],
  [
    "anthropic-messages",
    "messages",
    {
      stop_reason: "tool_use",
      content: [
        { type: "thinking", thinking: "Hm.", signature: "signed" },
        { type: "text", text: "Hi." },
        { type: "tool_use", id: "toolu_call_1_0", input: { command: "ls" } },
      ],
    },
  ],
  [
    "google-generative",
    "models/any:generateContent",
    {
      candidates: [
        {
          finishReason: "STOP",
          content: {
            parts: [
              { text: "Hm.", thought: true },
              { text: "Hi." },
              { functionCall: { name: "terminal", args: { command: "ls" } }, thoughtSignature: "signed" },
            ],
          },
        },
      ],
    },
  ],
])("%s, not streamed, is one body", async (wire, path, expected) => {
  const calls = [{ name: "terminal", arguments: { command: "ls" } }];
  llm.push(answer({ reasoning: "Hm.", signature: "signed", text: "Hi.", calls }));
  const response = await fetch(`${llm.url}/${path}`, { method: "POST", body: '{"model":"any"}' });
  expect(await response.json()).toMatchObject(expected);
  expect(llm.requests[0]?.wireName).toBe(wire);
});

test("a failure has its status, body and headers", async () => {
  llm.push(fail(429, { error: { message: "slow down" } }, { "retry-after": "1" }));
  const response = await post({ stream: true });
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe("1");
  expect(await response.json()).toEqual({ error: { message: "slow down" } });
});

test("connections break where they are told to", async () => {
  llm.push(reset(), truncate("half"));
  await expect(post({ stream: true })).rejects.toThrow();
  expect(await llm.requests[0]?.ended).toBe("closed by server");
  const response = await post({ stream: true });
  await expect(response.text()).rejects.toThrow();
});

test("a client that leaves is noticed", async () => {
  llm.push(hang());
  const controller = new AbortController();
  const posted = post({ stream: true }, { signal: controller.signal });
  const request = await llm.waitForRequest(1);
  expect(request.closedByClientAt).toBeNull();
  controller.abort();
  await expect(posted).rejects.toThrow();
  expect(await request.ended).toBe("closed by client");
  expect(request.closedByClientAt).toBeInstanceOf(Date);
});

test("requests are remembered with headers and body", async () => {
  llm.push(say("a"), say("b"));
  await post({ model: "one" }, { headers: { authorization: "Bearer x" } });
  await post({ model: "two" });
  const second = await llm.waitForRequest(2);
  expect(second.body.model).toBe("two");
  expect(llm.requests[0]?.headers.authorization).toBe("Bearer x");
});

test("an exhausted script is said to be exhausted", async () => {
  llm.push(say("only one"));
  await post({});
  const response = await post({});
  expect(response.status).toBe(500);
  expect(await response.text()).toContain("The script is exhausted: request 2");
});

test("a responder thinks of replies once the pushed ones are used up", async () => {
  await using own = await startScriptedLlm({
    responder: (request) => say(`answer to ${request.body.messages.length}`),
  });
  own.push(say("pushed"));
  const ask = async (): Promise<string> => {
    const body = JSON.stringify({ model: "any", messages: [{}, {}] });
    return (await fetch(`${own.url}/chat/completions`, { method: "POST", body })).text();
  };
  expect(await ask()).toContain("pushed");
  expect(await ask()).toContain("answer to 2");
});

test("models are listed", async () => {
  const body: unknown = await (await fetch(`${llm.url}/models`)).json();
  expect(body).toMatchObject({ object: "list", data: [{ id: "scripted" }] });
});

test("a script may come from JSON, and is checked", () => {
  expect(parseScript(JSON.parse(JSON.stringify(primesScript())))).toEqual(primesScript());
  expect(() => parseScript([{ kind: "sing" }])).toThrow(TypeError);
  expect(() => parseScript({})).toThrow(TypeError);
});
