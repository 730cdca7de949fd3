/** Whatever a model writes and however it is cut: what streams is what the answer says in the end. */
import { expect, test } from "vitest";
import type { ToolSpec } from "../model.ts";
import { CallHider } from "./call-hider.ts";
import { findCalls } from "./read-calls.ts";

const tools: readonly ToolSpec[] = [
  { type: "function", name: "terminal", inputSchema: { type: "object", properties: { command: {} } } },
];

const fragments = [
  "Text ",
  "a < b ",
  "<",
  "<fun",
  "\n",
  "```json\n",
  "```\n",
  "{",
  '{"a": 1}\n',
  "<b>bold</b> ",
  "<terminal> ",
  "[TOOL",
  "<function=terminal>\n<parameter=command>ls</parameter>\n</function>",
  '<tool_call>{"name": "terminal", "arguments": {"command": "ls"}}</tool_call>',
  "<terminal><command>ls</command></terminal>",
];

/** The same numbers on every run: a failure can be looked at again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("300 stories in pieces of 1 to 9 characters", () => {
  for (let seed = 0; seed < 300; seed += 1) {
    const next = numbers(seed);
    const text = Array.from({ length: 1 + next(8) }, () => fragments[next(fragments.length)] ?? "").join("");
    let streamed = "";
    const hider = new CallHider(tools, (delta) => (streamed += delta.text ?? ""));
    for (let at = 0, size = 0; at < text.length; at += size) {
      size = 1 + next(9);
      hider.push({ text: text.slice(at, at + size) });
    }
    const found = findCalls(text, tools);
    const said = found === null ? text : text.slice(0, found.start).trimEnd();
    hider.finish(said, text);
    expect(streamed.trimEnd(), `story ${seed}: ${JSON.stringify(text)}`).toBe(said.trimEnd());
  }
});
