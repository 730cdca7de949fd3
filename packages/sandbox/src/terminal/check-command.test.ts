import { describe, expect, test } from "vitest";
import { severalCommands, toolArgumentError } from "./check-command.ts";

describe("toolArgumentError", () => {
  test.each(['["ls", "-l"]', ' {"command": "ls"}\n', "[]"])("refuses %s", (command) => {
    expect(toolArgumentError(command)).toMatch(/^\[Tool-argument error\]/);
  });

  test.each(["ls", "[ -f x ] && echo yes", "{ ls; }", "[[ a == b ]]", '"quoted"', "1", "null"])(
    "lets %s pass",
    (command) => {
      expect(toolArgumentError(command)).toBeNull();
    },
  );
});

describe("severalCommands", () => {
  test.each([
    ["ls\npwd", ["ls", "pwd"]],
    ["a; b # both\nc &", ["a; b # both", "c &"]],
    ["# first\nls\n\n# second\n  # more\npwd\n# last", ["ls", "pwd"]],
    ["cat <<E\n# x\nE\npwd", ["cat <<E\n# x\nE", "pwd"]],
    ["f() {\n x\n}\nf", ["f() {\n x\n}", "f"]],
  ])("are told apart in %j", (text, expected) => {
    expect(severalCommands(text)).toEqual(expected);
  });

  test.each([
    "ls",
    "a; b",
    "\n\nls\n\n",
    "# only\nls # here\n# and here",
    "a |\nb &&\n# c\nd",
    "if a\nthen b\nfi",
    "echo \"$(cat <<'E'\nit's\nE\n)\"",
    "x=(1\n2)",
    "echo 'not closed\nls\npwd",
    "cat <<E\nnot closed\nls",
    "if a; then\nb",
    `${"(".repeat(50_000)}\nls`,
  ])("are one in %j", (text) => {
    expect(severalCommands(text)).toBeNull();
  });

  test("a text that takes long is not asked", () => {
    expect(severalCommands("ls\n".repeat(100_000))).toBeNull();
  });
});
