import { describe, expect, test, vi } from "vitest";
import { newText, plainText, renderOutput } from "./render-output.ts";

const render = (text: string): Promise<string> => renderOutput(Buffer.from(text));

describe("renderOutput", () => {
  test.each([
    ["plain lines", "a\r\nb\r\n", "a\nb\n"],
    ["colours and titles", "\x1b]0;title\x07\x1b[1;31mred\x1b[0m\x1b[K\ttab\r\n", "red\ttab\n"],
    ["a bell and a bracketed paste", "\x1b[?2004hx\x07\x1b[?2004l", "x"],
  ])("needs no terminal for %s", async (_what, text, expected) => {
    expect(plainText(Buffer.from(text))).toBe(expected);
    expect(await render(text)).toBe(expected);
  });

  test.each([
    ["a progress bar", "10%\r50%\r100%\r\ndone\r\n", "100%\ndone\n"],
    ["backspaces", "abc\b\bX\r\n", "aXc\n"],
    ["lines redrawn", "one\r\ntwo\r\n\x1b[2A\x1b[2KONE\r\n\x1b[2KTWO\r\n", "ONE\nTWO\n"],
    ["a screen that was left again", "before\r\n\x1b[?1049hin vim\x1b[?1049lafter\r\n", "before\nafter\n"],
    ["a wrapped line", `${"x".repeat(450)}\b\r\n`, `${"x".repeat(450)}\n`],
    ["wide characters", "漢字\r漢\r\n", "漢字\n"],
  ])("draws %s", async (_what, text, expected) => {
    expect(await render(text)).toBe(expected);
  });

  test("loses no line of a long drawing", async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
    expect(await render(`0%\r${lines.join("\r\n")}`)).toBe(lines.join("\n"));
  });

  test("draws a sequence wherever it is cut", async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `\x1b[38;2;10;20;30mline ${index}\x1b[0m`);
    const expected = lines.map((_, index) => `line ${index}`).join("\n");
    expect(await render(`0%\r${lines.join("\r\n")}`)).toBe(expected);
  });

  test("shows what came after the terminal was reset", async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `line ${index}`);
    expect(await render(`${lines.join("\r\n")}\x1bcafter`)).toMatch(/\nafter$/);
  });

  test.each(["I", "L", "M", "S", "T", "Z", "b", "@", "P", "X"])(
    "is not kept busy by a repetition without end: CSI %s",
    async (final) => {
      expect(await render(`before\r\n\x1b[2147483647${final}\x1b[99;1Hafter`)).toMatch(/after$/);
    },
  );

  test("shows the screen of a program that fills it", async () => {
    expect(await render("shell\r\n\x1b[?1049h\x1b[Htop - up 1 day")).toMatch(/^shell\n+top - up 1 day$/);
  });
});

describe("newText", () => {
  test.each([
    ["one\n", "one\ntwo\n", "two\n"],
    ["one\n10%", "one\n20%\nend", "20%\nend"],
    ["", "all", "all"],
    ["same", "same", ""],
  ])("after %j, %j shows %j", (before, now, expected) => {
    expect(newText(before, now)).toBe(expected);
  });
});

test("renderOutput says nothing of its own where bytes are no text", async () => {
  const said = vi.spyOn(console, "error");
  expect(await renderOutput(Buffer.from("a\x7fb\rc"))).toBe("cb");
  expect(said).not.toHaveBeenCalled();
});
