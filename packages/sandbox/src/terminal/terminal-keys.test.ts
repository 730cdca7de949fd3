import { expect, test } from "vitest";
import { typedInput } from "./terminal-keys.ts";

test.each([
  ["C-c", { bytes: "\x03", control: "C" }],
  ["C-D", { bytes: "\x04", control: "D" }],
  ["C-[", { bytes: "\x1b", control: "[" }],
  ["C-\\", { bytes: "\x1c", control: "\\" }],
  ["yes", { bytes: "yes\r", control: null }],
  ["a\nb", { bytes: "a\rb\r", control: null }],
  ["C-cc", { bytes: "C-cc\r", control: null }],
  ["UP", { bytes: "\x1b[A", control: null }],
  ["ENTER", { bytes: "\r", control: null }],
  ["ESC", { bytes: "\x1b", control: null }],
  ["up", { bytes: "up\r", control: null }],
  ["END of it", { bytes: "END of it\r", control: null }],
])("%j is typed as %j", (input, expected) => {
  expect(typedInput(input, false)).toEqual(expected);
});

test("the cursor keys are those that the program has asked for", () => {
  expect(["DOWN", "HOME", "PGUP"].map((key) => typedInput(key, true).bytes)).toEqual([
    "\x1bOB",
    "\x1bOH",
    "\x1b[5~",
  ]);
});
