/** The agent is played by a few lines that answer each call with what a person's machine would. */
import { describe, expect, test } from "vitest";
import type { AskOptions, ModelAnswer, Prompt, ToolCall } from "../model.ts";
import { createDemoModel } from "./demo-model.ts";

const model = createDemoModel("demo/tour", 0);

const quiet = (signal = new AbortController().signal): AskOptions => ({
  signal,
  onDelta: () => undefined,
  onRetry: () => undefined,
});

const userSays = (text: string): Prompt[number] => ({ role: "user", content: [{ type: "text", text }] });

type Tools = (toolCall: ToolCall) => { readonly text: string; readonly isError?: boolean };

const everythingWorks: Tools = (toolCall) => ({ text: `It worked: ${toolCall.name}` });

/** Asks until there is no call left; the prompt grows as an agent's does. */
async function converse(prompt: Prompt, tools: Tools = everythingWorks): Promise<ModelAnswer[]> {
  const answers: ModelAnswer[] = [];
  while (answers.length < 10) {
    const got = await model.ask({ prompt, tools: [] }, quiet());
    answers.push(got);
    prompt.push({
      role: "assistant",
      content: [
        { type: "text", text: got.text },
        ...got.toolCalls.map(({ id, name, arguments: input }) => ({
          type: "tool-call" as const,
          toolCallId: id,
          toolName: name,
          input: JSON.parse(input) as unknown,
        })),
      ],
    });
    if (got.toolCalls.length === 0) return answers;
    for (const toolCall of got.toolCalls) {
      const { text, isError = false } = tools(toolCall);
      const output = { type: isError ? ("error-text" as const) : ("text" as const), value: text };
      prompt.push({
        role: "tool",
        content: [{ type: "tool-result", toolCallId: toolCall.id, toolName: toolCall.name, output }],
      });
    }
  }
  throw new Error("The demonstration does not end");
}

const callsOf = (answers: readonly ModelAnswer[]) =>
  answers
    .flatMap((got) => got.toolCalls)
    .map((toolCall) => JSON.parse(toolCall.arguments) as Record<string, string>);

test("asked for primes it writes the script, runs it, saves the output and shows it", async () => {
  const answers = await converse([userSays("Print the first 20 prime numbers, please")], (toolCall) =>
    toolCall.name === "terminal"
      ? { text: "2\n3\n71\n[The command completed with exit code 0.]" }
      : { text: "Created." },
  );
  expect(answers.map(({ end }) => end)).toEqual(["tool-calls", "tool-calls", "stop"]);
  const [create, run] = callsOf(answers);
  expect(create).toMatchObject({ command: "create", path: "/workspace/primes.py" });
  expect(run?.["command"]).toContain("python3 primes.py | tee primes.txt");
  expect(answers.at(-1)?.text).toContain("```text\n2\n3\n71\n```");
});

test("a script that failed is not called done", async () => {
  const answers = await converse([userSays("primes")], () => ({
    text: "python3: command not found\n[The command completed with exit code 127.]",
  }));
  expect(answers.at(-1)?.text).not.toContain("Done");
  expect(answers.at(-1)?.text).toContain("command not found");
});

test("asked for anything else it gives a tour, once, and says what it is and where a key goes", async () => {
  const prompt: Prompt = [{ role: "system", content: "…" }, userSays("Build me a spaceship")];
  const first = await converse(prompt);
  expect(callsOf(first)).toHaveLength(2);
  prompt.push(userSays("And another one"));
  const second = await converse(prompt);
  expect(callsOf(second)).toEqual([{ command: "ls -la" }]);
  for (const answers of [first, second]) {
    expect(answers.at(-1)?.text).toContain("demo/tour");
    expect(answers.at(-1)?.text).toContain("Settings");
  }
});

test("ids are never repeated, and nothing is paid", async () => {
  const prompt: Prompt = [userSays("hello")];
  const answers = await converse(prompt);
  const ids = answers.flatMap((got) => [got.responseId, ...got.toolCalls.map(({ id }) => id)]);
  expect(new Set(ids).size).toBe(ids.length);
  expect(answers.every((got) => got.cost === 0)).toBe(true);
});

describe("streaming", () => {
  test("comes in several pieces that make up the text", async () => {
    const pieces: string[] = [];
    const options = {
      ...quiet(),
      onDelta: ({ text }: { readonly text?: string }) => void pieces.push(text ?? ""),
    };
    const got = await model.ask({ prompt: [userSays("hello")], tools: [] }, options);
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join("")).toBe(got.text);
  });

  test("stops with an abort, with its reason", async () => {
    const controller = new AbortController();
    const reason = new Error("stopped");
    const options = { ...quiet(controller.signal), onDelta: () => controller.abort(reason) };
    await expect(model.ask({ prompt: [userSays("hello")], tools: [] }, options)).rejects.toBe(reason);
  });
});
