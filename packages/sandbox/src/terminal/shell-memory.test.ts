import { expect, it } from "vitest";
import { SandboxError } from "../sandbox.ts";
import type { ShellState } from "../tools.ts";
import { ShellMemory } from "./shell-memory.ts";

const end = (exportsChanged: boolean) => ({ exitCode: 0, workingDirectory: "/w", exportsChanged });

function memory(...answers: readonly (string | SandboxError)[]) {
  const saved: ShellState[] = [];
  const left = [...answers];
  const helper = {
    pipe: async () => {
      const answer = left.shift() ?? "";
      if (answer instanceof SandboxError) throw answer;
      return answer;
    },
  };
  const shellState = { load: async () => null, save: async (state: ShellState) => void saved.push(state) };
  return { saved, memory: new ShellMemory(helper, { shellState }) };
}

it("saves at the first prompt, and then where something has changed", async () => {
  const { saved, memory: kept } = memory("A=1\0", "A=2\0");
  await kept.note(end(false), "/work");
  await kept.note(end(false), "/work");
  await kept.note(end(true), "/work");
  expect(saved.map(({ variables }) => variables)).toEqual([{ A: "1" }, { A: "2" }]);
});

it.each([
  ["the sandbox does not answer", new SandboxError("late")],
  ["the shell could write nothing down", ""],
])("saves what has changed at the next prompt where %s", async (_what, answer) => {
  const { saved, memory: kept } = memory("A=1\0", answer, "A=2\0");
  for (const changed of [true, true, false]) await kept.note(end(changed), "/work");
  expect(saved.map(({ variables }) => variables)).toEqual([{ A: "1" }, { A: "2" }]);
});

it("saves that there was a shell, though what it exported cannot be read", async () => {
  const { saved, memory: kept } = memory("", "");
  await kept.note(end(true), "/work");
  await kept.note(end(false), "/work");
  expect(saved).toEqual([{ directory: "/w", variables: {} }]);
});
