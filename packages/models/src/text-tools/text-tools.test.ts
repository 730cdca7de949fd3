/** Models that know no tools, or get them wrong: through the real wire, with the agent's kind of tools. */
import {
  answer,
  call,
  fail,
  say,
  type ScriptedLlm,
  startScriptedLlm,
  weakly,
  type WeakModelName,
} from "@openhands/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createModel } from "../create-model.ts";
import { answerMessage } from "../history/answer-message.ts";
import type { AnswerDelta, Model, ModelAnswer, Prompt, ToolProtocol, ToolSpec } from "../model.ts";

const optional = (type: string): object => ({ anyOf: [{ type }, { type: "null" }] });

const tools: readonly ToolSpec[] = [
  {
    type: "function",
    name: "terminal",
    description: "Runs a command.",
    inputSchema: {
      type: "object",
      properties: {
        command: { type: "string", description: "the command" },
        is_input: { type: ["boolean", "null"] },
        timeout: { anyOf: [{ type: "number" }, { type: "null" }] },
      },
      required: ["command"],
    },
  },
  {
    type: "function",
    name: "file_editor",
    inputSchema: {
      type: "object",
      properties: {
        command: { type: "string", enum: ["view", "create"] },
        path: { type: "string" },
        file_text: { type: ["string", "null"] },
        view_range: { ...optional("array"), items: { type: "integer" } },
      },
      required: ["command", "path"],
    },
  },
];

const prompt: Prompt = [
  { role: "system", content: "Be brief." },
  { role: "user", content: [{ type: "text", text: "List the files." }] },
];

let llm: ScriptedLlm;
let deltas: AnswerDelta[];
beforeEach(async () => {
  llm = await startScriptedLlm();
  deltas = [];
});
afterEach(() => llm.stop());

const modelWith = (toolProtocol: ToolProtocol): Model =>
  createModel({
    name: "ollama/small",
    baseUrl: llm.url,
    apiKey: () => Promise.resolve(null),
    limits: { firstByteSeconds: 20, silenceSeconds: 20, attempts: 1 },
    toolProtocol,
  });

const ask = (toolProtocol: ToolProtocol, asked = prompt): Promise<ModelAnswer> =>
  modelWith(toolProtocol).ask(
    { prompt: asked, tools },
    {
      signal: new AbortController().signal,
      onDelta: (delta) => void deltas.push(delta),
      onRetry: () => undefined,
    },
  );

const streamed = (): string => deltas.map((delta) => delta.text ?? "").join("");

const callsOf = ({ toolCalls }: ModelAnswer): unknown[][] =>
  toolCalls.map((one) => [one.name, JSON.parse(one.arguments) as unknown]);

const command = "printf '<b>%s</b>\\n' \"a\"\nls -l | wc -c";

describe("in text", () => {
  test("tools are described in the system prompt and no field of the wire names them", async () => {
    llm.push(say("Hello."));
    await ask("text");
    const body = llm.requests[0]?.json;
    expect(body).not.toHaveProperty("tools");
    expect(body).toMatchObject({ stop: ["</function"] });
    const system = llm.requests[0]?.body.messages[0]?.content;
    expect(system).toContain("Be brief.");
    expect(system).toContain("BEGIN FUNCTION #1: terminal");
    expect(system).toContain("(1) command (string, required): the command");
    expect(system).toContain("timeout (number, optional)");
  });

  test.each([1, 3, 1000])(
    "a call is read, and only what comes before it streams: chunks of %i",
    async (chunkSize) => {
      const written = `I look.\n\n<function=terminal>\n<parameter=command>\n${command}\n</parameter>\n<parameter=timeout>5</parameter>\n`;
      llm.push(answer({ text: written, chunkSize }));
      const got = await ask("text");
      expect(callsOf(got)).toEqual([["terminal", { command, timeout: 5 }]]);
      expect(got).toMatchObject({ text: "I look.", end: "tool-calls" });
      expect(streamed().trim()).toBe("I look.");
    },
  );

  test.each([1, 1000])("text that only looks like a call streams whole: chunks of %i", async (chunkSize) => {
    const text = 'Use <b>, a < b, <func>, or:\n```json\n{"a": 1}\n```\nThat is all {really}.';
    llm.push(answer({ text, chunkSize }));
    const got = await ask("text");
    expect(got).toMatchObject({ text, toolCalls: [], end: "stop" });
    expect(streamed()).toBe(text);
  });

  test("half a call that a limit has cut off does not run", async () => {
    const text = "<function=terminal>\n<parameter=command>rm -r /workspace/build";
    llm.push(answer({ text, finishReason: "length" }));
    expect(await ask("text")).toMatchObject({ text, toolCalls: [], end: "length" });
    expect(streamed()).toBe(text);
  });

  test("what the model imagines after its call is dropped", async () => {
    llm.push(
      say(
        "<function=terminal>\n<parameter=command>ls</parameter>\n</function>\nEXECUTION RESULT of [terminal]:\nx\n<function=terminal>\n<parameter=command>rm x</parameter>\n</function>",
      ),
    );
    expect(callsOf(await ask("text"))).toEqual([["terminal", { command: "ls" }]]);
  });

  test.each([
    ["a missing end tag", "<function=terminal>\n<parameter=command>ls"],
    ["a value within the tag", "<function=terminal>\n<parameter=command=ls</parameter>\n</function>"],
    [
      "tags of Qwen",
      "<tool_call>\n<function=terminal>\n<parameter=command>\nls\n</parameter>\n</function>\n</tool_call>",
    ],
    ["tags of Hermes", '<tool_call>\n{"name": "terminal", "arguments": {"command": "ls"}}\n</tool_call>'],
    ["a fence", 'Now:\n```json\n{"name": "terminal", "arguments": {"command": "ls",}}\n```'],
    ["a fence of a tool", '```tool_call\n{"tool": "bash", "parameters": {"cmd": "ls"}}\n```'],
    ["bare JSON", '{"name": "terminal", "arguments": "{\\"command\\": \\"ls\\"}"}'],
    [
      "OpenAI's form",
      '{"type": "function", "function": {"name": "terminal", "arguments": {"command": "ls"}}}',
    ],
    ["Mistral's mark", '[TOOL_CALLS][{"name": "terminal", "arguments": {"command": "ls"}}]'],
    [
      "Python's quotes",
      "```json\n{'name': 'terminal', 'arguments': {'command': 'ls', 'is_input': None}}\n```",
    ],
    ["an element a tool", "<terminal>\n<command>ls</command>\n</terminal>"],
    [
      "Anthropic's old form",
      '<function_calls>\n<invoke name="terminal">\n<parameter name="command">ls</parameter>\n</invoke>\n</function_calls>',
    ],
  ])("a call is understood in %s", async (_, text) => {
    llm.push(say(text));
    const [[name, args] = []] = callsOf(await ask("text"));
    expect(name).toBe("terminal");
    expect(args).toMatchObject({ command: "ls" });
  });

  test("a page of many elements is read at once and is no call", async () => {
    const page = `<terminal>${"<b>x</b>".repeat(200)}`;
    llm.push(say(page), say(`<div>${"<b>x</b>".repeat(200)}<terminal>`));
    expect(await ask("text")).toMatchObject({ toolCalls: [] });
    expect(await ask("text")).toMatchObject({ toolCalls: [] });
  });

  test("a conversation with calls is told in words, and neighbours are one message", async () => {
    llm.push(say("Done."));
    await ask("text", [
      ...prompt,
      answerMessage({
        text: "I look.",
        calls: [{ id: "a", name: "terminal", input: { command: "ls\npwd" } }],
        state: null,
      }),
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId: "a",
            toolName: "terminal",
            output: { type: "error-text", value: "no ls" },
          },
        ],
      },
      { role: "user", content: [{ type: "text", text: "Go on." }] },
    ]);
    const messages = llm.requests[0]?.body.messages ?? [];
    expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
    expect(messages[2]?.content).toBe(
      "I look.\n\n<function=terminal>\n<parameter=command>\nls\npwd\n</parameter>\n</function>",
    );
    const last = JSON.stringify(messages[3]?.content);
    expect(last).toContain("EXECUTION RESULT of [terminal]:\\nERROR: no ls");
    expect(last).toContain("Go on.");
  });
});

describe("tools that the provider refuses", () => {
  test.each([
    "registry.ollama.ai/library/gemma:2b does not support tools",
    '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
    "No endpoints found that support tool use.",
  ])("go in text from then on: %s", async (message) => {
    const model = modelWith("auto");
    const options = {
      signal: new AbortController().signal,
      onDelta: () => undefined,
      onRetry: () => undefined,
    };
    const written = say("<function=terminal>\n<parameter=command>ls</parameter>\n</function>");
    llm.push(fail(400, { error: { message } }), written, written);
    expect(callsOf(await model.ask({ prompt, tools }, options))).toEqual([["terminal", { command: "ls" }]]);
    await model.ask({ prompt, tools }, options);
    expect(llm.requests.map(({ json }) => "tools" in json)).toEqual([true, false, false]);
  });

  test("are not sent where the person says that the model takes none", async () => {
    llm.push(say("Hello."));
    const { signal } = new AbortController();
    const model = createModel({
      name: "ollama/small",
      baseUrl: llm.url,
      apiKey: () => Promise.resolve(null),
      limits: { firstByteSeconds: 20, silenceSeconds: 20, attempts: 1 },
      facts: { tools: false },
    });
    await model.ask({ prompt, tools }, { signal, onDelta: () => undefined, onRetry: () => undefined });
    expect(llm.requests[0]?.json).not.toHaveProperty("tools");
  });

  test("stay refused where the person wants them native", async () => {
    llm.push(fail(400, { error: { message: "this model does not support tools" } }));
    await expect(ask("native")).rejects.toMatchObject({ kind: "bad_request" });
  });
});

describe("a weak model with native tools", () => {
  const good = call("terminal", { command: "ls", timeout: 5, is_input: false });

  test.each<[WeakModelName]>([["prints fenced JSON"], ["prints XML"], ["invents names"], ["encodes twice"]])(
    "that %s is understood",
    async (weakness) => {
      llm.push(weakly(weakness, good));
      expect(callsOf(await ask("auto"))).toEqual([
        ["terminal", { command: "ls", timeout: 5, is_input: false }],
      ]);
    },
  );

  test("that talks and does not act ends its turn", async () => {
    llm.push(weakly("talks and does not act", good));
    expect(await ask("auto")).toMatchObject({ toolCalls: [], end: "stop" });
  });

  test("that shows a call in the middle of its text has made none", async () => {
    const text =
      'You would send\n```json\n{"name": "terminal", "arguments": {"command": "rm -r /"}}\n```\nto do that.';
    llm.push(say(text));
    expect(await ask("auto")).toMatchObject({ text, toolCalls: [] });
  });

  test.each<[string, string, object]>([
    ["run_shell_command", '{"cmd": "ls"}', { command: "ls" }],
    ["functions.terminal", '{"command": "ls"}', { command: "ls" }],
    [
      "terminal",
      '{"command": "ls", "timeout": "5", "is_input": "False"}',
      { command: "ls", timeout: 5, is_input: false },
    ],
    ["terminal", '{"command": 5}', { command: "5" }],
    ["terminal", '{"arguments": {"command": "ls"}}', { command: "ls" }],
    ["terminal", '{"command": "a\nb",}', { command: "a\nb" }],
    ["write_file", '{"path": "/a", "content": "[1]"}', { command: "create", path: "/a", file_text: "[1]" }],
    [
      "file_editor",
      '{"command": "VIEW", "path": "/a", "view_range": "[1, 2]"}',
      { command: "view", path: "/a", view_range: [1, 2] },
    ],
  ])("is understood when it calls %s with %s", async (name, args, expected) => {
    llm.push(call(name, args));
    expect(callsOf(await ask("auto"))[0]?.[1]).toEqual(expected);
  });

  test.each([
    ["half a JSON", "terminal", '{"command": "rm -rf /tmp/x'],
    ["two in one", "terminal", '{"command": "a"} {"command": "b"}'],
    ["a tool that nobody has", "teleport", '{"to": "moon"}'],
    ["what fits", "terminal", '{"command":  "a, }" }'],
  ])("%s stays as it was written", async (_, name, args) => {
    llm.push(call(name, args));
    expect((await ask("auto")).toolCalls).toMatchObject([{ name, arguments: args }]);
  });
});
