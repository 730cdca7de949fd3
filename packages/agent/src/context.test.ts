import { type EventDraft, type LlmState, parseEvent } from "@openhands/protocol";
import { describe, expect, it } from "vitest";
import { Context } from "./context.ts";

function contextOf(drafts: readonly EventDraft[]): Context {
  const context = new Context();
  drafts.forEach((draft, seq) => context.push(parseEvent({ id: `e${seq}`, seq, timestamp: "t", ...draft })));
  return context;
}

const said = (source: "user" | "agent", value: string): EventDraft => ({
  kind: "MessageEvent",
  source,
  llm_message: { role: source === "user" ? "user" : "assistant", content: [{ type: "text", text: value }] },
});

const called = (
  id: string,
  options: { response?: string; thought?: string; raw?: string; state?: LlmState } = {},
): EventDraft => ({
  kind: "ActionEvent",
  source: "agent",
  thought: options.thought === undefined ? [] : [{ type: "text", text: options.thought }],
  action: { kind: "TerminalAction" },
  tool_name: "terminal",
  tool_call_id: id,
  tool_call: { id, name: "terminal", arguments: options.raw ?? '{"command":"ls"}' },
  llm_response_id: options.response ?? "r1",
  llm_state: options.state ?? null,
  security_risk: "UNKNOWN",
});

const returned = (id: string, value: string): EventDraft => ({
  kind: "ObservationEvent",
  source: "environment",
  observation: { kind: "TerminalObservation", content: [{ type: "text", text: value }], is_error: false },
  action_id: "a",
  tool_name: "terminal",
  tool_call_id: id,
});

const roles = (context: Context): string[] => context.prompt().map((message) => message.role);

describe("Context", () => {
  it("gives half a character in the arguments of a call back as the sign for one that can't be read", () => {
    const context = contextOf([
      said("user", "go"),
      called("c1", { raw: String.raw`{"command":"echo \ud83d \ud83d\ude00"}` }),
      returned("c1", "x"),
    ]);
    expect(JSON.stringify(context.prompt())).toContain('{"command":"echo \ufffd 😀"}');
  });

  it("says of an image that can't be read that it was there, so that the conversation goes on", () => {
    const context = contextOf([
      {
        kind: "MessageEvent",
        source: "user",
        llm_message: { role: "user", content: [{ type: "image", image_urls: ["no url"] }] },
      },
    ]);
    expect(context.prompt()).toEqual([
      { role: "user", content: [{ type: "text", text: "[An image that can't be read was here.]" }] },
    ]);
  });

  it("puts the calls of one answer into one message, and their results in call order after it", () => {
    const context = contextOf([
      said("user", "go"),
      called("a", { thought: "Both." }),
      called("b"),
      returned("b", "two"),
      returned("a", "one"),
    ]);
    expect(context.prompt()).toEqual([
      { role: "user", content: [{ type: "text", text: "go" }] },
      {
        role: "assistant",
        content: [
          { type: "text", text: "Both." },
          { type: "tool-call", toolCallId: "a", toolName: "terminal", input: { command: "ls" } },
          { type: "tool-call", toolCallId: "b", toolName: "terminal", input: { command: "ls" } },
        ],
      },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId: "a",
            toolName: "terminal",
            output: { type: "text", value: "one" },
          },
          {
            type: "tool-result",
            toolCallId: "b",
            toolName: "terminal",
            output: { type: "text", value: "two" },
          },
        ],
      },
    ]);
  });

  it("gives an answer's author what it wants to see again", () => {
    const state = {
      model: "anthropic/claude-sonnet-4-5",
      thinking: [{ text: "Hm.", metadata: { anthropic: { signature: "signed" } } }],
      calls: { a: { google: { thoughtSignature: "signed too" } } },
    };
    const context = contextOf([
      said("user", "go"),
      called("a", { state }),
      called("b"),
      returned("a", "one"),
      returned("b", "two"),
    ]);
    expect(context.prompt()[1]).toMatchObject({
      providerOptions: { openhands: { model: state.model } },
      content: [
        { type: "reasoning", text: "Hm.", providerOptions: { anthropic: { signature: "signed" } } },
        { type: "tool-call", toolCallId: "a", providerOptions: { google: {} } },
        { type: "tool-call", toolCallId: "b" },
      ],
    });
  });

  it("puts the system prompt first, wherever it came", () => {
    const prompt: EventDraft = {
      kind: "SystemPromptEvent",
      source: "agent",
      system_prompt: { type: "text", text: "Be kind." },
      tools: [],
    };
    expect(contextOf([said("user", "go"), prompt]).prompt()[0]).toEqual({
      role: "system",
      content: "Be kind.",
    });
  });

  it("holds a message that came while a call was open until after its result", () => {
    const context = contextOf([said("user", "go"), called("a"), said("user", "faster"), returned("a", "x")]);
    expect(roles(context)).toEqual(["user", "assistant", "tool", "user"]);
  });

  it("answers calls that the log never closed, so that the request stays valid", () => {
    const context = contextOf([
      said("user", "go"),
      called("a"),
      called("b", { response: "r2" }),
      said("user", "well?"),
    ]);
    expect(roles(context)).toEqual(["user", "assistant", "tool", "assistant", "tool", "user"]);
  });

  it("passes over results without a call, and second results", () => {
    const context = contextOf([
      returned("ghost", "boo"),
      called("a"),
      returned("a", "one"),
      returned("a", "two"),
    ]);
    const tool = context.prompt().at(-1);
    expect(roles(context)).toEqual(["assistant", "tool"]);
    expect(JSON.stringify(tool)).toContain("one");
    expect(JSON.stringify(tool)).not.toContain("two");
  });

  it("tells what the terminal noted around an output", () => {
    const observation = {
      kind: "TerminalObservation",
      content: [{ type: "text" as const, text: "hi" }],
      is_error: false,
      command: "echo hi",
      exit_code: 0,
      timeout: false,
      metadata: {
        exit_code: 0,
        working_dir: "/workspace",
        prefix: "[Below is the output of the previous command.]\n",
        suffix: "\n[The command completed with exit code 0.]",
      },
    };
    const call = { action_id: "a", tool_name: "terminal", tool_call_id: "a" };
    const context = contextOf([
      called("a"),
      { kind: "ObservationEvent", source: "environment", observation, ...call },
    ]);
    expect(context.prompt()[1]).toMatchObject({
      content: [
        {
          output: {
            value:
              "[Below is the output of the previous command.]\nhi\n[The command completed with exit code 0.]\n[Current working directory: /workspace]",
          },
        },
      ],
    });
  });

  it("gives malformed arguments back as an object that says so", () => {
    const context = contextOf([called("a", { raw: '{"command": "l' }), returned("a", "x")]);
    expect(JSON.stringify(context.prompt()[0])).toContain("malformed_arguments");
  });

  it("sends images inline where they are data, and as links where they are not", () => {
    const context = contextOf([
      {
        kind: "MessageEvent",
        source: "user",
        llm_message: {
          role: "user",
          content: [
            { type: "image", image_urls: ["data:image/png;base64,AAAA", "https://example.org/a.png"] },
          ],
        },
      },
    ]);
    expect(context.prompt()[0]).toMatchObject({
      content: [
        { type: "file", mediaType: "image/png", data: { type: "data", data: "AAAA" } },
        { type: "file", data: { type: "url" } },
      ],
    });
  });
});
