import { describe, expect, test } from "vitest";
import { aloneInForeground, interactiveShell } from "./prompting-shell.ts";
import type { ProcessRow } from "./process-tree.ts";

describe("the arguments of a shell that prompts", () => {
  test.each([
    ["bash", "bash"],
    ["-bash", "bash"],
    ["/usr/bin/zsh -l", "zsh"],
    ["bash --login --rcfile /tmp/x -i", "bash"],
    ["bash -o posix +O extglob", "bash"],
    ["busybox sh", "sh"],
    ["sh -i", "sh"],
  ])("%s", (line, name) => {
    expect(interactiveShell(line.split(" "))).toBe(name);
  });

  test.each([
    "bash script.sh",
    "bash -x script.sh",
    "sh -c read",
    "bash -lc read",
    "bash -o posix script.sh",
    "bash -- script.sh",
    "python3",
    "bashful",
    "busybox vi",
    "sh -",
    "",
  ])("not: %s", (line) => {
    expect(interactiveShell(line.split(" "))).toBeNull();
  });
});

describe("who is alone in the foreground", () => {
  const row = (pid: number, changes: Partial<ProcessRow> = {}): ProcessRow => ({
    pid,
    state: "S",
    parent: 1,
    group: pid,
    session: 10,
    terminal: 34816,
    foreground: 10,
    started: 0,
    image: null,
    ...changes,
  });

  test("is the shell at its prompt, whatever runs behind it", () => {
    expect(aloneInForeground([row(10), row(11, { parent: 10 })], 10)?.pid).toBe(10);
  });

  test("is the shell that took the terminal from ours", () => {
    const rows = [row(10, { foreground: 11 }), row(11, { parent: 10, foreground: 11 })];
    expect(aloneInForeground(rows, 10)?.pid).toBe(11);
  });

  test.each([
    ["one that works", [row(10, { state: "R" })]],
    ["one with a child beside it", [row(10), row(11, { group: 10 })]],
    ["one without a terminal", [row(10, { terminal: 0 })]],
    ["one that has gone", [row(11)]],
  ])("is not %s", (_what, rows) => {
    expect(aloneInForeground(rows, 10)).toBeNull();
  });
});
