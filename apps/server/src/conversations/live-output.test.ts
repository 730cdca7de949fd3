import type { ToolOutputDeltaEvent } from "@openhands/protocol";
import { createRedactor } from "@openhands/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveOutput } from "./live-output.ts";

const first = { action_id: "a", tool_name: "terminal", tool_call_id: "1" };
const second = { ...first, action_id: "b", tool_call_id: "2" };

let sent: ToolOutputDeltaEvent[];
let output: LiveOutput;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  const redactor = createRedactor();
  redactor.add("correct-horse");
  output = new LiveOutput({ redactor, publish: (event) => void sent.push(event) });
});
afterEach(() => void vi.useRealTimers());

test("a tool that ends at once costs no frame", () => {
  output.push(first, "hi\n");
  output.end();
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([]);
  expect(output.soFar()).toBeNull();
});

test("what is printed within a tenth of a second is one frame, and who comes in gets all of it", () => {
  for (const text of ["one\n", "two\n"]) output.push(first, text);
  vi.advanceTimersByTime(100);
  output.push(first, "three\n");
  vi.advanceTimersByTime(100);
  expect(sent.map((event) => event.content)).toEqual(["one\ntwo\n", "three\n"]);
  expect(output.soFar()).toMatchObject({ ...first, content: "one\ntwo\nthree\n", reset: true });
});

test("a secret cut in two by the pieces is hidden", () => {
  output.push(first, "key: correct-");
  vi.advanceTimersByTime(100);
  output.push(first, "horse!\n");
  vi.advanceTimersByTime(100);
  expect(sent.map((event) => event.content)).toEqual(["key: ", "<secret-hidden>!\n"]);
});

test("what may only begin a secret is shown when nothing follows, and taken back when it was one", () => {
  output.push(first, "grade: c");
  vi.advanceTimersByTime(100);
  expect(sent.map((event) => event.content)).toEqual(["grade: "]);
  vi.advanceTimersByTime(1000);
  expect(sent.at(-1)).toMatchObject({ content: "grade: c", reset: true });
  output.push(first, "orrect-horse\n");
  vi.advanceTimersByTime(100);
  expect(sent.at(-1)).toMatchObject({ content: "grade: <secret-hidden>\n", reset: true });
  output.push(first, "more\n");
  vi.advanceTimersByTime(1000);
  expect(sent.at(-1)).toMatchObject({ content: "more\n" });
  expect(sent.at(-1)?.reset).toBeUndefined();
});

test("of what comes too fast for a reader the end is sent, in the place of what was before", () => {
  const line = `${"x".repeat(99)}\n`;
  for (let lines = 0; lines < 10_000; lines += 1) output.push(first, line);
  output.push(first, "the end");
  vi.advanceTimersByTime(100);
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ reset: true });
  expect(sent[0]?.content.length).toBeLessThanOrEqual(16_000);
  expect(sent[0]?.content).toMatch(/^…\nx{99}\n[^]*\nthe end$/);
});

test("another call starts anew", () => {
  output.push(first, "old");
  output.push(second, "new");
  vi.advanceTimersByTime(100);
  expect(sent).toMatchObject([{ ...second, content: "new" }]);
});
