import type { EventDraft } from "@openhands/protocol";
import { expect, it } from "vitest";
import * as z from "zod";
import { prepareFirst } from "./run-tools.ts";
import { defineTool } from "./tool.ts";

const secret = "correct-horse-battery";

function prepared(...commands: readonly string[]): string[] {
  const seen: string[] = [];
  const tool = defineTool({
    name: "terminal",
    description: "",
    input: z.object({}),
    action: z.looseObject({ kind: z.literal("TerminalAction"), command: z.string() }),
    effect: "execute",
    toAction: () => ({ kind: "TerminalAction" as const, command: "" }),
    prepare: async ({ command }) => {
      seen.push(command);
      throw new Error("what fails here is told by the run");
    },
    run: () => Promise.reject(new Error("nothing is run")),
  });
  const drafts = commands.map((command, index): EventDraft => {
    const id = `call-${index}`;
    return {
      kind: "ActionEvent",
      source: "agent",
      thought: [],
      action: { kind: "TerminalAction", command },
      tool_name: "terminal",
      tool_call_id: id,
      tool_call: { id, name: "terminal", arguments: "{}" },
      llm_response_id: "r",
      security_risk: "LOW",
    };
  });
  prepareFirst(drafts, [tool], {
    sandbox: () => Promise.reject(new Error("no sandbox is needed here")),
    signal: new AbortController().signal,
    redact: (text) => text.replaceAll(secret, "<hidden>"),
  });
  return seen;
}

it("makes the first call ready, and no other: what is laid down for it must not be written over", () => {
  expect(prepared("echo one", "echo two")).toEqual(["echo one"]);
});

it("gives the sandbox nothing of a call that holds a secret, for as it is it is never run", () => {
  expect(prepared(`curl -H 'Key: ${secret}' example.org`)).toEqual([]);
});
