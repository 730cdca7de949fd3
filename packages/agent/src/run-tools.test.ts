import { describe, expect, it } from "vitest";
import { type ActionEvent, parseEvent } from "@openhands/protocol";
import { createOutputStore, createRedactor } from "@openhands/store";
import { runTools } from "./run-tools.ts";
import { ToolMemory } from "./tool-memory.ts";
import { defaultTools } from "./tools/registry.ts";
import { actionDrafts, understand } from "./understand.ts";

const call = (name: string, args: unknown) => ({
  id: "c1",
  name,
  arguments: typeof args === "string" ? args : JSON.stringify(args),
});

const answer = (...calls: ReturnType<typeof call>[]) => ({
  responseId: "r1",
  text: "Let me look.",
  reasoning: "",
  state: null,
  toolCalls: calls,
  end: "tool-calls" as const,
  tokens: {
    prompt_tokens: 1,
    completion_tokens: 1,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
  },
  cost: null,
  priceSource: null,
  timing: { endedAt: "2026-11-23T10:00:00.000Z", firstTokenMs: null, totalMs: 1 },
});

describe("understand", () => {
  it("fills in what the model left out or sent as null", () => {
    expect(understand(call("terminal", { command: "ls", timeout: null }), defaultTools).action).toEqual({
      kind: "TerminalAction",
      command: "ls",
      is_input: false,
      timeout: null,
      reset: false,
    });
  });

  it("takes numbers that came as text", () => {
    const { action } = understand(call("terminal", { command: "ls", timeout: "2.5" }), defaultTools);
    expect(action).toMatchObject({ timeout: 2.5 });
  });

  it.each([
    ["a list as command", call("terminal", { command: ["ls", "-l"] })],
    ["an object as command", call("terminal", { command: { a: 1 } })],
    ["no command", call("terminal", {})],
    ["half a JSON", call("terminal", '{"command": "ls')],
    ["a command that the editor lacks", call("file_editor", { command: "shred", path: "/x" })],
  ])("says what is wrong with %s and that nothing was executed", (_, wrong) => {
    const understood = understand(wrong, defaultTools);
    expect(understood.action).toBeNull();
    expect(understood).toMatchObject({
      error: expect.stringMatching(/^\[Tool-argument error\].*Nothing was executed/s),
    });
  });

  it("names the tools there are when the model calls another", () => {
    const understood = understand(call("execute_command", {}), defaultTools);
    expect(understood).toMatchObject({
      action: null,
      error: expect.stringContaining("terminal, file_editor"),
    });
  });
});

/** The ids that calls with these ids have as actions, each named once. */
const idsFor = (...ids: string[]): string[] => {
  const calls = ids.map((id) => ({ ...call("terminal", { command: "ls" }), id }));
  const drafts = actionDrafts(answer(...calls), defaultTools);
  return [...new Set(drafts.flatMap((draft) => (draft.kind === "ActionEvent" ? [draft.tool_call_id] : [])))];
};

describe("actionDrafts", () => {
  it("answers a call that was not understood in the same append, so that none stays open", () => {
    const drafts = actionDrafts(answer(call("nope", {})), defaultTools);
    expect(drafts.map((draft) => draft.kind)).toEqual(["ActionEvent", "AgentErrorEvent"]);
  });

  it("gives calls of one answer different ids and the thought to the first", () => {
    const drafts = actionDrafts(
      answer(call("terminal", { command: "a" }), call("terminal", { command: "b" })),
      defaultTools,
    );
    const actions = drafts.filter((draft) => draft.kind === "ActionEvent");
    expect(idsFor("c", "c-2", "c", "", "", "-4")).toHaveLength(6);
    expect(new Set(actions.map((action) => action.tool_call_id)).size).toBe(2);
    expect(actions.map((action) => action.thought.length)).toEqual([1, 0]);
  });
});

describe("the tools as the model is told of them", () => {
  it("have object schemas without anything that only we understand", () => {
    for (const tool of defaultTools) {
      expect(tool.inputSchema).toMatchObject({ type: "object" });
      expect(() => JSON.stringify(tool.inputSchema)).not.toThrow();
    }
  });
});

describe("runTools", () => {
  it("does not wait for a sandbox that is still made when it is stopped", async () => {
    const drafts = actionDrafts(answer(call("terminal", { command: "ls" })), defaultTools);
    const actions = drafts.map(
      (draft) => parseEvent({ id: "e", seq: 0, timestamp: "t", ...draft }) as ActionEvent,
    );
    const controller = new AbortController();
    const stopped = new Error("stopped");
    const sandbox = async (): Promise<never> => {
      controller.abort(stopped);
      return await new Promise(() => undefined);
    };
    const running = runTools(
      actions,
      defaultTools,
      {
        sandbox,
        outputs: createOutputStore("/never-made", createRedactor()),
        redact: (text) => text,
        onToolOutput: () => undefined,
        signal: controller.signal,
        memory: new ToolMemory(),
      },
      async () => undefined,
    );
    await expect(running).rejects.toBe(stopped);
  });
});
