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

/** As the real tools answer: the test fails until the program is mended. */
function pythonWorkspace(): Tools {
  let mended = false;
  return (toolCall) => {
    const { command } = JSON.parse(toolCall.arguments) as { command: string };
    mended ||= command === "str_replace";
    if (toolCall.name === "file_editor") return { text: "Done." };
    return { text: mended ? "Ran 2 tests\n\nOK\n   4 word" : "Ran 2 tests\n\nFAILED (failures=1)" };
  };
}

test("asked for anything else it writes a program, sees its test fail, mends it and explains", async () => {
  const answers = await converse([userSays("Fix the bug in my spaceship")], pythonWorkspace());
  expect(callsOf(answers).map(({ command }) => command)).toEqual([
    "create",
    "create",
    "python3 test_word_count.py",
    "str_replace",
    expect.stringContaining("word_count.py word_count.py"),
  ]);
  expect(answers.at(-1)?.text).toMatch(/^Done: the test failed, I mended the program/);
});

test("what goes another way than the story is told as it is", async () => {
  const answers = await converse([userSays("Build me a spaceship")], () => ({ text: "python3: not found" }));
  expect(answers.at(-1)?.text).not.toContain("Done");
  expect(answers.at(-1)?.text).toContain("python3: not found");
});

test.each(["primes", "show me around", "Build me a spaceship"])(
  "its first sentence says that it is a demonstration and how to add a key: %s",
  async (task) => {
    const [first] = await converse([userSays(task)]);
    const sentence = first?.text.split(/\.(?=\s|$)/)[0] ?? "";
    expect(sentence).toMatch(/demonstration.*Settings.*key/);
  },
);

test("a second task is not told the same again", async () => {
  const prompt: Prompt = [{ role: "system", content: "…" }, userSays("Build me a spaceship")];
  await converse(prompt, pythonWorkspace());
  prompt.push(userSays("And another one"));
  const second = await converse(prompt);
  expect(callsOf(second)).toEqual([{ command: "ls -la" }]);
  expect(second.at(-1)?.text).toContain("demo/tour");
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
