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
])("%j is typed as %j", (input, expected) => {
  expect(typedInput(input)).toEqual(expected);
});
