import { describe, expect, test } from "vitest";
import { commandsOfHistory, toolArgumentError } from "./check-command.ts";

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

describe("commandsOfHistory", () => {
  const history = (...entries: string[]): string =>
    ["set -o something", "set -n", ...entries].map((entry) => `\x011234567890\n${entry}\n`).join("");

  test("reads an entry a command, of however many lines", () => {
    expect(commandsOfHistory(history("ls", "cat <<E\n#1234567890\nE\n"))).toEqual([
      "ls",
      "cat <<E\n#1234567890\nE",
    ]);
  });

  test("counts no comment for a command", () => {
    expect(commandsOfHistory(history("# only\n# this", "ls # here"))).toEqual(["ls # here"]);
  });

  test("knows nothing where bash complained or is not there", () => {
    expect(commandsOfHistory(`bash: line 8: syntax error\n${history("ls")}`)).toBeNull();
    expect(commandsOfHistory("")).toBeNull();
  });
});
